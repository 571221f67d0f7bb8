#include "runtime/uuid.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace nxg {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

int value_of(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool dash_follows(std::size_t byte) noexcept { return byte == 3 || byte == 5 || byte == 7 || byte == 9; }

void set_version(std::array<unsigned char, 16>& bytes, unsigned char version) noexcept {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | version << 4);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
}

}  // namespace

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  uuid result;
  std::size_t at = 0;
  for (std::size_t byte = 0; byte < 16; ++byte) {
    const int high = value_of(text[at]);
    const int low = value_of(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    result.bytes_[byte] = static_cast<unsigned char>(high << 4 | low);
    at += 2;
    if (dash_follows(byte) && text[at++] != '-') return std::nullopt;
  }
  return result;
}

uuid uuid::version_7(instant now, runtime::random& random) {
  uuid result;
  random.fill(std::as_writable_bytes(std::span{result.bytes_}));
  const auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t byte = 0; byte < 6; ++byte) {
    result.bytes_[byte] = static_cast<unsigned char>(milliseconds >> (40 - 8 * byte));
  }
  set_version(result.bytes_, 7);
  return result;
}

uuid uuid::derived_from(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  uuid result;
  std::copy_n(digest.begin(), result.bytes_.size(), result.bytes_.begin());
  set_version(result.bytes_, 8);
  return result;
}

std::string uuid::to_string() const {
  std::string text;
  text.reserve(36);
  for (std::size_t byte = 0; byte < 16; ++byte) {
    text += digits[bytes_[byte] >> 4];
    text += digits[bytes_[byte] & 0x0f];
    if (dash_follows(byte)) text += '-';
  }
  return text;
}

}  // namespace nxg
