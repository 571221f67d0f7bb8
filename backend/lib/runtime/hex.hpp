#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#ifdef __SSE2__

/// Of 16 octets, as ids have them, all at once.
inline void write_digits_of_16(char* out, const unsigned char* octets) noexcept {
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  const auto spell = [&](__m128i halves) {
    const auto above_nine = _mm_cmpgt_epi8(halves, all(9));
    return _mm_add_epi8(_mm_add_epi8(halves, all('0')), _mm_and_si128(above_nine, all('a' - '0' - 10)));
  };
  const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
  const auto high = _mm_and_si128(_mm_srli_epi16(bytes, 4), all(0x0f));
  const auto low = _mm_and_si128(bytes, all(0x0f));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), spell(_mm_unpacklo_epi8(high, low)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), spell(_mm_unpackhi_epi8(high, low)));
}

inline bool read_digits_of_16(const char* text, unsigned char* octets) noexcept {
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  const auto is_at_most = [](__m128i value, __m128i bound) {
    return _mm_cmpeq_epi8(_mm_min_epu8(value, bound), value);
  };
  int good = 0xffff;
  const auto eight = [&](const char* at) {
    const auto digits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto number = _mm_sub_epi8(digits, all('0'));
    const auto letter = _mm_sub_epi8(_mm_or_si128(digits, all(0x20)), all('a'));
    const auto is_number = is_at_most(number, all(9));
    const auto is_letter = is_at_most(letter, all(5));
    good &= _mm_movemask_epi8(_mm_or_si128(is_number, is_letter));
    const auto value =
        _mm_or_si128(_mm_and_si128(is_number, number), _mm_and_si128(is_letter, _mm_add_epi8(letter, all(10))));
    // In pairs, the first digit in the lower octet.
    return _mm_or_si128(_mm_slli_epi16(_mm_and_si128(value, _mm_set1_epi16(0xff)), 4), _mm_srli_epi16(value, 8));
  };
  const auto first = eight(text);
  const auto second = eight(text + 16);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(octets), _mm_packus_epi16(first, second));
  return good == 0xffff;
}

#endif

}  // namespace detail

/// Writes the lower-case digits of `octets` to `out`; the end of what was written.
inline char* write_hex(char* out, std::span<const unsigned char> octets) noexcept {
#ifdef __SSE2__
  if (octets.size() == 16) {
    detail::write_digits_of_16(out, octets.data());
    return out + 32;
  }
#endif
  for (const unsigned char octet : octets) {
    std::memcpy(out, detail::digits_of_octets[octet].data(), 2);
    out += 2;
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
inline bool read_hex(const char* text, std::span<unsigned char> octets) noexcept {
#ifdef __SSE2__
  if (octets.size() == 16) return detail::read_digits_of_16(text, octets.data());
#endif
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
