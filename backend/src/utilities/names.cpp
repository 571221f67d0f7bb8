#include "utilities/names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace nxg::utilities {

namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// One code point of well-formed UTF-8; moves `at` past it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  char32_t value = more == 0 ? first : first & (0x3fU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    value = value << 6 | (static_cast<unsigned char>(text[at++]) & 0x3f);
  return value;
}

bool is_invisible_or_private(char32_t c) {
  return (c >= 0x80 && c <= 0xbf && c != 0xaa && c != 0xb7 && c != 0xba) ||
         (c >= 0x2000 && c <= 0x206f && c != 0x2010 && c != 0x2019) || (c >= 0x2100 && c <= 0x2bff) ||
         (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xfff0 && c <= 0xffff) ||
         (c >= 0x1f000 && c <= 0x1faff) || c >= 0xe0000;
}

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string tidy(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!is_space(c)) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool is_user_name(std::string_view text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_person_name(std::string_view text) noexcept {
  bool has_letter = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80) {
      const char ascii = static_cast<char>(c);
      if (!is_ascii_letter(ascii) && ascii != ' ' && ascii != '-' && ascii != '\'' && ascii != '.') return false;
      has_letter = has_letter || is_ascii_letter(ascii);
    } else {
      if (is_invisible_or_private(c)) return false;
      has_letter = true;
    }
  }
  return has_letter;
}

}  // namespace nxg::utilities
