#include "runtime/uuid.hpp"

#include "runtime/hex.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace nxg {

namespace {

/// Where the groups of 8-4-4-4-12 digits are: first octet, how many, place in the text.
struct group {
  std::size_t first;
  std::size_t count;
  std::size_t at;
};
constexpr std::array<group, 5> groups{{{0, 4, 0}, {4, 2, 9}, {6, 2, 14}, {8, 2, 19}, {10, 6, 24}}};

void set_version(std::array<unsigned char, 16>& bytes, unsigned char version) noexcept {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | version << 4);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
}

}  // namespace

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::nullopt;
  uuid result;
  bool good = text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
  for (const auto& [first, count, at] : groups) {
    good = runtime::read_hex(text.data() + at, std::span{result.bytes_}.subspan(first, count)) && good;
  }
  return good ? std::optional{result} : std::nullopt;
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

std::array<char, uuid::text_size> uuid::spelled() const noexcept {
  std::array<char, text_size> text;
  text.fill('-');
  for (const auto& [first, count, at] : groups) {
    runtime::write_hex(text.data() + at, std::span{bytes_}.subspan(first, count));
  }
  return text;
}

std::string uuid::to_string() const {
  const auto text = spelled();
  return {text.data(), text.size()};
}

void uuid::append_to(std::string& out) const {
  const auto text = spelled();
  out.append(text.data(), text.size());
}

}  // namespace nxg
