#pragma once

#include <cstddef>
#include <string_view>

namespace nxg::utilities {

struct code_point {
  char32_t value;
  std::size_t octets;
};

/// The first of a text that is not empty; one octet of U+FFFD where it is no UTF-8.
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

}  // namespace nxg::utilities
