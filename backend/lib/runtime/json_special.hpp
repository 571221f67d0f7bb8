#pragma once

#include <cstdint>
#include <cstring>

namespace nxg::runtime {

/// Whether a string of JSON cannot hold the character as it is: quote, backslash, control characters.
constexpr bool is_json_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

/// The first special character in [at, end), else `end`. Looks at eight bytes at once, as most text has none.
inline const char* find_json_special(const char* at, const char* end) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  constexpr std::uint64_t tops = 0x8080808080808080u;
  const auto has_less = [](std::uint64_t bytes, unsigned than) { return (bytes - ones * than) & ~bytes & tops; };
  for (; end - at >= 8; at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    // Exact as to whether there is one; the loop below finds which.
    if ((has_less(bytes, 0x20) | has_less(bytes ^ ones * '"', 1) | has_less(bytes ^ ones * '\\', 1)) != 0) break;
  }
  while (at != end && !is_json_special(*at)) ++at;
  return at;
}

}  // namespace nxg::runtime
