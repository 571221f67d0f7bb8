#include "utilities/signed_code.hpp"

#include "utilities/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace nxg::utilities {

namespace {

constexpr char version = 1;
constexpr std::size_t id_size = 16;
constexpr std::size_t time_size = 6;
constexpr std::size_t signature_size = 64;
constexpr std::size_t body_size = 1 + 3 * id_size + 2 * time_size;
constexpr std::size_t code_size = body_size + signature_size;
constexpr std::size_t text_size = (code_size * 8 + 4) / 5;
// What the key signs starts with this, so that a signature made for another purpose is worth nothing here.
constexpr std::string_view purpose = "nxg-code-1:";

void append(std::string& octets, const uuid& id) {
  octets.append(reinterpret_cast<const char*>(id.bytes().data()), id_size);
}

void append(std::string& octets, instant when) {
  const auto milliseconds = when.time_since_epoch().count();
  if (milliseconds < 0 || milliseconds >> (8 * time_size) != 0) throw std::invalid_argument{"a time out of range"};
  for (std::size_t byte = time_size; byte-- > 0;) octets += static_cast<char>(milliseconds >> (8 * byte) & 0xff);
}

uuid take_id(std::string_view& octets) {
  std::array<unsigned char, id_size> id;
  std::ranges::copy_n(octets.begin(), id_size, id.begin());
  octets.remove_prefix(id_size);
  return uuid{id};
}

instant take_time(std::string_view& octets) {
  std::int64_t milliseconds = 0;
  for (std::size_t byte = 0; byte < time_size; ++byte) {
    milliseconds = milliseconds << 8 | static_cast<unsigned char>(octets[byte]);
  }
  octets.remove_prefix(time_size);
  return instant{std::chrono::milliseconds{milliseconds}};
}

std::string signed_text(std::string_view body) {
  std::string text{purpose};
  text += body;
  return text;
}

}  // namespace

std::string write_code(const signed_code& code, const private_key& key) {
  if (key.algorithm() != signature_algorithm::ed25519)
    throw std::invalid_argument{"codes are signed with Ed25519 keys"};
  std::string octets;
  octets.reserve(code_size);
  octets += version;
  append(octets, code.issuer);
  append(octets, code.key);
  append(octets, code.nonce);
  append(octets, code.issued_at);
  append(octets, code.expires_at);
  octets += key.sign(signed_text(octets));
  return base32(octets);
}

std::optional<unverified_code> unverified_code::parse(std::string_view text) {
  if (text.size() != text_size) return std::nullopt;
  std::string upper{text};
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  auto octets = from_base32(upper);
  if (!octets || octets->size() != code_size || octets->front() != version) return std::nullopt;
  std::string_view rest{*octets};
  rest.remove_prefix(1);
  signed_code code;
  code.issuer = take_id(rest);
  code.key = take_id(rest);
  code.nonce = take_id(rest);
  code.issued_at = take_time(rest);
  code.expires_at = take_time(rest);
  return unverified_code{code, *std::move(octets)};
}

std::optional<signed_code> unverified_code::verified_by(const public_key& key) const {
  if (key.algorithm() != signature_algorithm::ed25519) return std::nullopt;
  const std::string_view octets{octets_};
  if (!key.verifies(signed_text(octets.substr(0, body_size)), octets.substr(body_size))) return std::nullopt;
  return code_;
}

}  // namespace nxg::utilities
