#pragma once

#include <string>
#include <string_view>

namespace nxg::utilities {

/// ASCII letters in lower case; everything else as it is.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// Without white space at both ends, and with every run of it inside as one space.
[[nodiscard]] std::string tidy(std::string_view text);

/// Letters, digits and underscores of ASCII only.
[[nodiscard]] bool is_user_name(std::string_view text) noexcept;

/// Whether well-formed UTF-8 can be somebody's name: letters of any script, spaces, hyphens, apostrophes and full
/// stops; no digits, other signs of ASCII, control, direction or invisible characters.
[[nodiscard]] bool is_person_name(std::string_view text) noexcept;

}  // namespace nxg::utilities
