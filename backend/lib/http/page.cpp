#include "http/page.hpp"

#include "schema/text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nxg::http {

namespace {

constexpr std::size_t mac_size = 16;
constexpr std::size_t least_key_size = 16;
constexpr std::size_t longest_cursor = 4096;

/// The lengths are in the message too, so that no two pairs of context and position read the same.
std::string mac_of(std::string_view key, std::string_view position, std::string_view context) {
  const auto message = std::to_string(context.size()) + ':' + std::string{context} + std::string{position};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), mac_size};
}

}  // namespace

hmac_cursor_signer::hmac_cursor_signer(std::vector<std::string> keys) : keys_{std::move(keys)} {
  if (keys_.empty() || std::ranges::any_of(keys_, [](const auto& key) { return key.size() < least_key_size; })) {
    throw std::invalid_argument{"cursors need at least one key, of at least 16 octets"};
  }
}

std::string hmac_cursor_signer::sign(std::string_view position, std::string_view context) const {
  return schema::to_base64url(mac_of(keys_.front(), position, context) + std::string{position});
}

std::optional<std::string> hmac_cursor_signer::open(std::string_view cursor, std::string_view context) const {
  if (cursor.size() > longest_cursor) return std::nullopt;
  const auto octets = schema::parse_base64url(cursor);
  if (!octets || octets->size() < mac_size) return std::nullopt;
  const auto position = std::string_view{*octets}.substr(mac_size);
  for (const auto& key : keys_) {
    if (CRYPTO_memcmp(mac_of(key, position, context).data(), octets->data(), mac_size) == 0)
      return std::string{position};
  }
  return std::nullopt;
}

}  // namespace nxg::http
