#include "models/epoch.hpp"

#include "runtime/hex.hpp"

namespace nxg {

std::optional<epoch> epoch::parse(std::string_view text) noexcept {
  epoch made;
  if (text.size() != made.bytes_.size() * 2 || !runtime::read_hex(text.data(), made.bytes_)) return std::nullopt;
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
