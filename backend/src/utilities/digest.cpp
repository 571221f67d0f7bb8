#include "utilities/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <span>
#include <stdexcept>

namespace nxg::utilities {

namespace {
constexpr std::size_t sha256_size = 32;
unsigned char* octets_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
}  // namespace

std::string sha256(std::string_view octets) {
  std::string digest(sha256_size, '\0');
  if (EVP_Digest(octets.data(), octets.size(), octets_of(digest), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error{"SHA-256 failed"};
  }
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string code(sha256_size, '\0');
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(message), message.size(), octets_of(code),
           nullptr) == nullptr) {
    throw std::runtime_error{"HMAC-SHA-256 failed"};
  }
  return code;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_octets(runtime::random& source, std::size_t count) {
  std::string octets(count, '\0');
  source.fill(std::as_writable_bytes(std::span{octets}));
  return octets;
}

}  // namespace nxg::utilities
