#include "models/epoch.hpp"

namespace nxg {
namespace {

int value_of(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<epoch> epoch::parse(std::string_view text) noexcept {
  epoch made;
  if (text.size() != made.bytes_.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < made.bytes_.size(); ++i) {
    const int high = value_of(text[2 * i]);
    const int low = value_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    made.bytes_[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return made;
}

void epoch::append_to(std::string& out) const {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const unsigned char byte : bytes_) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

std::string epoch::to_string() const {
  std::string text;
  text.reserve(bytes_.size() * 2);
  append_to(text);
  return text;
}

}  // namespace nxg
