#include "models/epoch.hpp"

#include "runtime/hex.hpp"

namespace nxg {

namespace {

/// Of hexadecimal digits: all but A to F have this bit.
bool has_upper_case(std::string_view digits) noexcept {
  constexpr unsigned char not_upper = 0x20;
  unsigned char common = not_upper;
  for (const char c : digits) common &= static_cast<unsigned char>(c);
  return common == 0;
}

}  // namespace

std::optional<epoch> epoch::parse(std::string_view text) noexcept {
  epoch made;
  if (text.size() != made.bytes_.size() * 2 || !runtime::read_hex(text.data(), made.bytes_) || has_upper_case(text))
    return std::nullopt;
  return made;
}

void epoch::append_to(std::string& out) const {
  std::array<char, 2 * std::tuple_size_v<decltype(bytes_)>> text;
  runtime::write_hex(text.data(), bytes_);
  out.append(text.data(), text.size());
}

std::string epoch::to_string() const {
  std::string text;
  append_to(text);
  return text;
}

}  // namespace nxg
