#include "utilities/sealing.hpp"

#include "utilities/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace nxg::utilities {

namespace {

constexpr char version = 1;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t overhead = 1 + nonce_size + tag_size;

struct free_context {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

const unsigned char* in(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* out(char* text) { return reinterpret_cast<unsigned char*>(text); }

void must(int result) {
  if (result != 1) throw std::runtime_error{"AES-256-GCM failed"};
}

int length_of(std::string_view text) {
  if (text.size() > 16 * 1024 * 1024) throw std::length_error{"a value of more than 16 MiB is not sealed in one piece"};
  return static_cast<int>(text.size());
}

}  // namespace

sealing_key::sealing_key(std::string_view octets) {
  if (octets.size() != size) throw std::invalid_argument{"a sealing key has 32 octets"};
  std::copy_n(in(octets), size, octets_.begin());
}

sealing_key sealing_key::generate(runtime::random& source) {
  auto octets = random_octets(source, size);
  sealing_key key{octets};
  OPENSSL_cleanse(octets.data(), octets.size());
  return key;
}

sealing_key::~sealing_key() { OPENSSL_cleanse(octets_.data(), octets_.size()); }

std::string sealing_key::seal(std::string_view plain, std::string_view associated, runtime::random& source) const {
  const auto nonce = random_octets(source, nonce_size);
  std::string sealed;
  sealed.reserve(plain.size() + overhead);
  sealed += version;
  sealed += nonce;
  sealed.resize(plain.size() + overhead);
  char* const body = sealed.data() + 1 + nonce_size;

  const context cipher{EVP_CIPHER_CTX_new()};
  int written = 0;
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets_.data(), in(nonce)));
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(associated), length_of(associated)));
  must(EVP_EncryptUpdate(cipher.get(), out(body), &written, in(plain), length_of(plain)));
  must(EVP_EncryptFinal_ex(cipher.get(), out(body) + written, &written));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + plain.size()));
  return sealed;
}

std::optional<std::string> sealing_key::open(std::string_view sealed, std::string_view associated) const {
  if (sealed.size() < overhead || sealed.front() != version) return std::nullopt;
  const auto nonce = sealed.substr(1, nonce_size);
  const auto body = sealed.substr(1 + nonce_size, sealed.size() - overhead);
  std::string tag{sealed.substr(sealed.size() - tag_size)};
  std::string plain(body.size(), '\0');

  const context cipher{EVP_CIPHER_CTX_new()};
  int written = 0;
  must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets_.data(), in(nonce)));
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(associated), length_of(associated)));
  must(EVP_DecryptUpdate(cipher.get(), out(plain.data()), &written, in(body), length_of(body)));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()));
  if (EVP_DecryptFinal_ex(cipher.get(), out(plain.data()) + written, &written) != 1) return std::nullopt;
  return plain;
}

}  // namespace nxg::utilities
