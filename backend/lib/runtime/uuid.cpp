#include "runtime/uuid.hpp"

#include "runtime/hex.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

namespace nxg {

namespace {

/// Where the groups of 8-4-4-4-12 digits are: first octet, how many, place in the text.
struct group {
  std::size_t first;
  std::size_t count;
  std::size_t at;
};

/// Each known to the compiler, so that a group is moved as a number is.
template <class Move>
void for_each_group(Move move) {
  move.template operator()<group{0, 4, 0}>();
  move.template operator()<group{4, 2, 9}>();
  move.template operator()<group{6, 2, 14}>();
  move.template operator()<group{8, 2, 19}>();
  move.template operator()<group{10, 6, 24}>();
}

void set_version(std::array<unsigned char, 16>& bytes, unsigned char version) noexcept {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | version << 4);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
}

}  // namespace

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  std::array<char, 32> digits;
  for_each_group([&]<group Of> { std::memcpy(digits.data() + 2 * Of.first, text.data() + Of.at, 2 * Of.count); });
  uuid result;
  return runtime::read_hex(digits.data(), result.bytes_) ? std::optional{result} : std::nullopt;
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
  std::array<char, 32> digits;
  runtime::write_hex(digits.data(), bytes_);
  std::array<char, text_size> text;
  text.fill('-');
  for_each_group([&]<group Of> { std::memcpy(text.data() + Of.at, digits.data() + 2 * Of.first, 2 * Of.count); });
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
