#include "objects/detail/percent.hpp"

#include "runtime/hex.hpp"

#include <span>

namespace nxg::objects::detail {

namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encoded(std::string_view text, bool keep_slashes) {
  static constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      out += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out += {'%', digits[octet >> 4U], digits[octet & 15U]};
    }
  }
  return out;
}

}  // namespace

std::string percent_encoded(std::string_view text) { return encoded(text, false); }
std::string percent_encoded_path(std::string_view path) { return encoded(path, true); }

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned char octet = 0;
    if (text.size() - i < 3 || !runtime::read_hex(text.data() + i + 1, std::span{&octet, 1})) return std::nullopt;
    out += static_cast<char>(octet);
    i += 2;
  }
  return out;
}

}  // namespace nxg::objects::detail
