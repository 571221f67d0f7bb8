#include "utilities/encoding.hpp"

#include "runtime/hex.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace nxg::utilities {

namespace {

constexpr std::string_view alphabet_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view alphabet_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

constexpr std::array<std::int8_t, 256> inverse(std::string_view alphabet) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}

constexpr auto values_64 = inverse(alphabet_64);
constexpr auto values_32 = inverse(alphabet_32);

template <unsigned Bits>
std::string encode(std::string_view octets, std::string_view alphabet) {
  std::string text;
  text.reserve((octets.size() * 8 + Bits - 1) / Bits);
  std::uint32_t pending = 0;
  unsigned held = 0;
  for (const char octet : octets) {
    pending = pending << 8 | static_cast<unsigned char>(octet);
    held += 8;
    while (held >= Bits) {
      held -= Bits;
      text += alphabet[pending >> held & ((1U << Bits) - 1)];
    }
    pending &= (1U << held) - 1;
  }
  if (held > 0) text += alphabet[pending << (Bits - held) & ((1U << Bits) - 1)];
  return text;
}

template <unsigned Bits>
std::optional<std::string> decode(std::string_view text, const std::array<std::int8_t, 256>& values) {
  std::string octets;
  octets.reserve(text.size() * Bits / 8);
  std::uint32_t pending = 0;
  unsigned held = 0;
  for (const char letter : text) {
    const int value = values[static_cast<unsigned char>(letter)];
    if (value < 0) return std::nullopt;
    pending = pending << Bits | static_cast<std::uint32_t>(value);
    held += Bits;
    if (held >= 8) {
      held -= 8;
      octets += static_cast<char>(pending >> held & 0xff);
      pending &= (1U << held) - 1;
    }
  }
  // A whole letter too many, or bits left over that are not zero, would be a second spelling of the same octets.
  if (held >= Bits || pending != 0) return std::nullopt;
  return octets;
}

}  // namespace

std::string base64url(std::string_view octets) { return encode<6>(octets, alphabet_64); }
std::optional<std::string> from_base64url(std::string_view text) { return decode<6>(text, values_64); }
std::string base32(std::string_view octets) { return encode<5>(octets, alphabet_32); }
std::optional<std::string> from_base32(std::string_view text) { return decode<5>(text, values_32); }

std::string hex(std::string_view octets) {
  return runtime::to_hex({reinterpret_cast<const unsigned char*>(octets.data()), octets.size()});
}

}  // namespace nxg::utilities
