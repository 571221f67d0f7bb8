#include "schema/text.hpp"

#include <array>
#include <cstdint>

namespace nxg::schema {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr auto values = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}();

}  // namespace

std::string to_base64url(std::string_view octets) {
  std::string text((octets.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  const auto octet = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(octets[i]); };
  const auto put = [&](std::uint32_t bits, int letters) {
    for (int shift = 18; letters > 0; --letters, shift -= 6) *out++ = alphabet[bits >> shift & 63];
  };
  std::size_t at = 0;
  for (; at + 3 <= octets.size(); at += 3) put(octet(at) << 16 | octet(at + 1) << 8 | octet(at + 2), 4);
  if (octets.size() - at == 2) put(octet(at) << 16 | octet(at + 1) << 8, 3);
  if (octets.size() - at == 1) put(octet(at) << 16, 2);
  return text;
}

std::optional<std::string> parse_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string octets(text.size() * 3 / 4, '\0');
  char* out = octets.data();
  std::int32_t wrong = 0;  // negative after a character that is none of the alphabet's
  const auto sextets = [&](std::size_t from, std::size_t count) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::int32_t value = i < count ? values[static_cast<unsigned char>(text[from + i])] : 0;
      wrong |= value;
      bits = bits << 6 | static_cast<std::uint32_t>(value & 63);
    }
    return bits;
  };
  const auto put = [&](std::uint32_t bits, std::size_t count) {
    for (int shift = 16; count > 0; --count, shift -= 8) *out++ = static_cast<char>(bits >> shift & 0xff);
  };
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) put(sextets(at, 4), 3);
  if (const std::size_t left = text.size() - at; left > 0) {
    const std::uint32_t bits = sextets(at, left);
    put(bits, left - 1);
    // The bits that stand for no octet are zero, so that a text has one spelling.
    if ((bits & (left == 2 ? 0xffffu : 0xffu)) != 0) return std::nullopt;
  }
  if (wrong < 0) return std::nullopt;
  return octets;
}

}  // namespace nxg::schema
