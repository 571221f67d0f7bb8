#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

/// Hexadecimal digits of octets, two each, the higher half first; by table, as ids are written several times a sample.
namespace nxg::runtime {

namespace detail {

constexpr std::array<std::array<char, 2>, 256> digits_of_octets = [] {
  constexpr const char* digits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> table{};
  for (std::size_t octet = 0; octet < table.size(); ++octet) table[octet] = {digits[octet >> 4], digits[octet & 15]};
  return table;
}();

constexpr std::array<unsigned char, 256> values_of_digits = [] {
  std::array<unsigned char, 256> table{};
  table.fill(0xff);
  for (unsigned char i = 0; i < 10; ++i) table['0' + i] = i;
  for (unsigned char i = 0; i < 6; ++i) table['a' + i] = table['A' + i] = static_cast<unsigned char>(10 + i);
  return table;
}();

}  // namespace detail

/// Writes the lower-case digits of `octets` to `out`; the end of what was written.
constexpr char* write_hex(char* out, std::span<const unsigned char> octets) noexcept {
  for (const unsigned char octet : octets) {
    *out++ = detail::digits_of_octets[octet][0];
    *out++ = detail::digits_of_octets[octet][1];
  }
  return out;
}

/// The lower-case digits of `octets`.
inline std::string to_hex(std::span<const unsigned char> octets) {
  std::string text(2 * octets.size(), '0');
  write_hex(text.data(), octets);
  return text;
}

/// Reads as many digits at `text` as `octets` take, of either case. False: there is something else among them.
constexpr bool read_hex(const char* text, std::span<unsigned char> octets) noexcept {
  unsigned wrong = 0;
  for (unsigned char& octet : octets) {
    const unsigned high = detail::values_of_digits[static_cast<unsigned char>(*text++)];
    const unsigned low = detail::values_of_digits[static_cast<unsigned char>(*text++)];
    wrong |= (high | low) & 0xf0U;
    octet = static_cast<unsigned char>(high << 4U | low);
  }
  return wrong == 0;
}

}  // namespace nxg::runtime
