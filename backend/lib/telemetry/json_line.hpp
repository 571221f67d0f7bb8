#pragma once

#include "telemetry/log.hpp"

#include <string>
#include <string_view>

namespace nxg::telemetry {

/// Appends `,"key":value`, redacted where the name asks for it.
void append_field(std::string& line, const field& one);
/// Appends a JSON string: control characters escaped, invalid UTF-8 replaced, cut at 4 KiB.
void append_json_text(std::string& line, std::string_view text);
/// Appends `2026-01-31T12:00:00.000Z`, without quotes.
void append_instant(std::string& line, instant when);
std::string_view name_of(log_level level) noexcept;

}  // namespace nxg::telemetry
