#include "integrations/planning/outgoing_text.hpp"

#include "utilities/utf8.hpp"

namespace nxg::integrations {
namespace {

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
    const auto next = utilities::first_code_point(text);
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
