#pragma once

#include "services/telemetry/messages.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg::samples {

/// Reads a message that is written as machines write it: known fields, each at most once, no set, no `null`, no
/// escapes. That is nearly all there is, and it is read in one pass, straight into the sample. Nothing for anything
/// else, above all for anything wrong: then `messages.cpp` reads it by its description, and says what is wrong. What is
/// read here is read as there (`plain_messages_test`).
[[nodiscard]] std::optional<parsed> read_plain_single(std::string_view json, std::int64_t clock_offset_ms);
[[nodiscard]] std::optional<parsed> read_plain_batch(std::string_view json, std::int64_t clock_offset_ms);

}  // namespace nxg::samples
