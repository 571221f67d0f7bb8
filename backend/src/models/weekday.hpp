#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg {

/// "Monday" for 1, "Sunday" for 7 (ISO 8601).
[[nodiscard]] std::string_view weekday_name(std::int32_t day);

/// Reads a weekday's English name in any letter case.
[[nodiscard]] std::optional<std::int32_t> weekday_named(std::string_view text);

}  // namespace nxg
