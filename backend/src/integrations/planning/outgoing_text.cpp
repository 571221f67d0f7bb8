#include "integrations/planning/outgoing_text.hpp"

#include <cstdint>

namespace nxg::integrations {
namespace {

struct code_point {
  char32_t value;
  std::size_t octets;
};

// Enough for text that has been validated before; anything malformed comes out as one octet of value 0, a blank.
code_point first_of(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = octet(0);
  const std::size_t length = lead < 0x80           ? 1
                             : (lead >> 5) == 0x6  ? 2
                             : (lead >> 4) == 0xE  ? 3
                             : (lead >> 3) == 0x1E ? 4
                                                   : 0;
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() < length) return {0, 1};
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0u) != 0x80u) return {0, 1};
    value = (value << 6) | (octet(i) & 0x3Fu);
  }
  return {value, length};
}

bool invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF ||
         (c >= 0xFFF0 && c <= 0xFFFF) || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool plain(char32_t c) {
  if (c >= 0x80) return true;
  const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return word || std::string_view{" -,.+/()%'"}.find(static_cast<char>(c)) != std::string_view::npos;
}

template <class Allowed>
std::string filtered(std::string_view text, std::size_t longest, Allowed allowed) {
  std::string line;
  std::size_t length = 0;
  bool gap = false;
  while (!text.empty() && length < longest) {
    const auto next = first_of(text);
    if (next.value == ' ' || invisible(next.value) || !allowed(next.value)) {
      gap = true;
    } else {
      if (gap && length > 0 && length + 1 < longest) {
        line += ' ';
        ++length;
      }
      gap = false;
      line += text.substr(0, next.octets);
      ++length;
    }
    text.remove_prefix(next.octets);
  }
  return line;
}

}  // namespace

std::string outgoing_text(std::string_view text, std::size_t longest) { return filtered(text, longest, plain); }

std::string incoming_text(std::string_view text, std::size_t longest) {
  return filtered(text, longest, [](char32_t) { return true; });
}

}  // namespace nxg::integrations
