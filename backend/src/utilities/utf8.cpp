#include "utilities/utf8.hpp"

namespace nxg::utilities {

code_point first_code_point(std::string_view text) noexcept {
  constexpr code_point malformed{0xFFFD, 1};
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = octet(0);
  const std::size_t length = lead < 0x80           ? 1
                             : (lead >> 5) == 0x6  ? 2
                             : (lead >> 4) == 0xE  ? 3
                             : (lead >> 3) == 0x1E ? 4
                                                   : 0;
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() < length) return malformed;
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0u) != 0x80u) return malformed;
    value = (value << 6) | (octet(i) & 0x3Fu);
  }
  return {value, length};
}

}  // namespace nxg::utilities
