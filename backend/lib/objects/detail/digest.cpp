#include "objects/detail/digest.hpp"

#include "runtime/hex.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <span>
#include <stdexcept>

namespace nxg::objects::detail {

namespace {

constexpr std::size_t digest_size = 32;

unsigned char* octets_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error{what};
}

}  // namespace

std::string sha256(std::string_view octets) {
  std::string digest(digest_size, '\0');
  require(EVP_Digest(octets.data(), octets.size(), octets_of(digest), nullptr, EVP_sha256(), nullptr) == 1,
          "SHA-256 failed");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string code(digest_size, '\0');
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(message), message.size(),
               octets_of(code), nullptr) != nullptr,
          "HMAC-SHA-256 failed");
  return code;
}

std::string hex(std::string_view octets) {
  std::string text(octets.size() * 2, '\0');
  runtime::write_hex(text.data(), std::span{octets_of(octets), octets.size()});
  return text;
}

std::string base64url(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(octets_of(text), octets_of(octets), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct running_sha256::state {
  state() : context{EVP_MD_CTX_new()} {
    require(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1, "SHA-256 failed");
  }
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() { EVP_MD_CTX_free(context); }
  EVP_MD_CTX* context;
};

running_sha256::running_sha256() : state_{std::make_unique<state>()} {}
running_sha256::~running_sha256() = default;
running_sha256::running_sha256(running_sha256&&) noexcept = default;
running_sha256& running_sha256::operator=(running_sha256&&) noexcept = default;

void running_sha256::add(std::string_view octets) {
  require(EVP_DigestUpdate(state_->context, octets.data(), octets.size()) == 1, "SHA-256 failed");
}

std::string running_sha256::finish() {
  std::string digest(digest_size, '\0');
  require(EVP_DigestFinal_ex(state_->context, octets_of(digest), nullptr) == 1, "SHA-256 failed");
  return digest;
}

}  // namespace nxg::objects::detail
