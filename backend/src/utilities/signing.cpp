#include "utilities/signing.hpp"

#include "utilities/encoding.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace nxg::utilities {

namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using context = std::unique_ptr<EVP_MD_CTX, free_context>;

using shared_key = std::shared_ptr<evp_pkey_st>;
shared_key own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

const unsigned char* in(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<signature_algorithm> algorithm_of(const shared_key& key) {
  if (!key) return std::nullopt;
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return signature_algorithm::ed25519;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1 && EVP_PKEY_get_bits(key.get()) >= 2048) return signature_algorithm::rs256;
  return std::nullopt;
}

// Ed25519 hashes by itself.
const EVP_MD* digest_of(signature_algorithm algorithm) {
  return algorithm == signature_algorithm::rs256 ? EVP_sha256() : nullptr;
}

[[noreturn]] void fail(const char* what) {
  ERR_clear_error();
  throw std::runtime_error{what};
}

template <auto Write>
std::string der_of(const shared_key& key) {
  unsigned char* octets = nullptr;
  const int size = Write(key.get(), &octets);
  if (size <= 0) fail("writing a key failed");
  std::string der{reinterpret_cast<char*>(octets), static_cast<std::size_t>(size)};
  OPENSSL_clear_free(octets, static_cast<std::size_t>(size));
  return der;
}

int write_private(EVP_PKEY* key, unsigned char** octets) {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info{EVP_PKEY2PKCS8(key),
                                                                                       PKCS8_PRIV_KEY_INFO_free};
  return info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), octets) : -1;
}

std::string number_of(const shared_key& key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) fail("reading an RSA key failed");
  std::string octets(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(octets.data()));
  BN_free(number);
  return base64url(octets);
}

constexpr unsigned rsa_bits = 2048;

/// Null when it failed, or was over first.
shared_key generate_rsa_unless(std::atomic<bool>& over) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> making{EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr),
                                                                           EVP_PKEY_CTX_free};
  if (!making || EVP_PKEY_keygen_init(making.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_keygen_bits(making.get(), rsa_bits) != 1)
    return nullptr;
  // Asked between the steps of the search.
  EVP_PKEY_CTX_set_app_data(making.get(), &over);
  EVP_PKEY_CTX_set_cb(making.get(), [](EVP_PKEY_CTX* asking) {
    return static_cast<std::atomic<bool>*>(EVP_PKEY_CTX_get_app_data(asking))->load() ? 0 : 1;
  });
  EVP_PKEY* made = nullptr;
  const bool whole = EVP_PKEY_generate(making.get(), &made) == 1;
  ERR_clear_error();
  return whole ? own(made) : nullptr;
}

}  // namespace

public_key::public_key(shared_key key, signature_algorithm algorithm) : key_{std::move(key)}, algorithm_{algorithm} {}

std::optional<public_key> public_key::from_der(std::string_view der) {
  const unsigned char* at = in(der);
  auto key = own(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  const auto algorithm = algorithm_of(key);
  if (!algorithm || at != in(der) + der.size()) return std::nullopt;
  return public_key{std::move(key), *algorithm};
}

bool public_key::verifies(std::string_view message, std::string_view signature) const noexcept {
  const context verifier{EVP_MD_CTX_new()};
  const bool valid =
      verifier && EVP_DigestVerifyInit(verifier.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(verifier.get(), in(signature), signature.size(), in(message), message.size()) == 1;
  // A wrong signature leaves an error in the thread's queue, where it would be taken for somebody else's.
  if (!valid) ERR_clear_error();
  return valid;
}

std::string public_key::to_der() const { return der_of<i2d_PUBKEY>(key_); }

jwk_members public_key::to_jwk() const {
  switch (algorithm_) {
    case signature_algorithm::rs256:
      return {.kty = "RSA",
              .alg = "RS256",
              .n = number_of(key_, OSSL_PKEY_PARAM_RSA_N),
              .e = number_of(key_, OSSL_PKEY_PARAM_RSA_E),
              .crv = {},
              .x = {}};
    case signature_algorithm::ed25519: {
      std::string raw(32, '\0');
      std::size_t size = raw.size();
      if (EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) {
        fail("reading an Ed25519 key failed");
      }
      return {.kty = "OKP", .alg = "EdDSA", .n = {}, .e = {}, .crv = "Ed25519", .x = base64url(raw)};
    }
  }
  return {};
}

private_key::private_key(shared_key key, signature_algorithm algorithm) : key_{std::move(key)}, algorithm_{algorithm} {}

private_key private_key::generate(signature_algorithm algorithm) {
  auto key = algorithm == signature_algorithm::rs256 ? own(EVP_RSA_gen(rsa_bits))
                                                     : own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) fail("making a key failed");
  return private_key{std::move(key), algorithm};
}

private_key private_key::generate_racing(signature_algorithm algorithm, unsigned threads) {
  if (algorithm != signature_algorithm::rs256 || threads < 2) return generate(algorithm);
  std::atomic<bool> over = false;
  std::mutex mutex;
  shared_key first;
  const auto run = [&] {
    auto made = generate_rsa_unless(over);
    const std::lock_guard lock{mutex};
    if (made && !over.exchange(true)) first = std::move(made);
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(run);
    run();
  }
  if (!first) fail("making a key failed");
  return private_key{std::move(first), algorithm};
}

std::optional<private_key> private_key::from_der(std::string_view der) {
  const unsigned char* at = in(der);
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info{
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())), PKCS8_PRIV_KEY_INFO_free};
  auto key = info ? own(EVP_PKCS82PKEY(info.get())) : nullptr;
  ERR_clear_error();
  const auto algorithm = algorithm_of(key);
  if (!algorithm || at != in(der) + der.size()) return std::nullopt;
  return private_key{std::move(key), *algorithm};
}

std::string private_key::sign(std::string_view message) const {
  const context signer{EVP_MD_CTX_new()};
  std::size_t size = 0;
  if (!signer || EVP_DigestSignInit(signer.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(signer.get(), nullptr, &size, in(message), message.size()) != 1) {
    fail("signing failed");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(signer.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, in(message),
                     message.size()) != 1) {
    fail("signing failed");
  }
  signature.resize(size);
  return signature;
}

std::string private_key::to_der() const { return der_of<write_private>(key_); }

}  // namespace nxg::utilities
