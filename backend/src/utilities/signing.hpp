#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace nxg::utilities {

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3), or Ed25519 (RFC 8032).
enum class signature_algorithm : std::uint8_t { rs256, ed25519 };

/// The public members of a JSON Web Key (RFC 7517, RFC 8037); absent ones are empty.
struct jwk_members {
  std::string kty;
  std::string alg;
  std::string n;
  std::string e;
  std::string crv;
  std::string x;
};

/// A parsed public key. Its algorithm is a property of the key, never of what it verifies. Copies share; thread-safe.
class public_key {
 public:
  /// A DER SubjectPublicKeyInfo; nothing unless it is an RSA key of at least 2048 bits or an Ed25519 key.
  static std::optional<public_key> from_der(std::string_view der);

  [[nodiscard]] signature_algorithm algorithm() const noexcept { return algorithm_; }
  [[nodiscard]] bool verifies(std::string_view message, std::string_view signature) const noexcept;
  [[nodiscard]] std::string to_der() const;
  [[nodiscard]] jwk_members to_jwk() const;

 private:
  friend class private_key;
  public_key(std::shared_ptr<evp_pkey_st> key, signature_algorithm algorithm);
  std::shared_ptr<evp_pkey_st> key_;
  signature_algorithm algorithm_;
};

/// A parsed private key. Copies share; thread-safe.
class private_key {
 public:
  /// RSA keys have 2048 bits; making one takes tenths of a second.
  static private_key generate(signature_algorithm algorithm);
  /// The same by so many threads at once, of which the first that has a key ends the others: how long an RSA key takes
  /// is a matter of luck, and who waits for it waits for the luckiest. For keys somebody waits for.
  static private_key generate_racing(signature_algorithm algorithm, unsigned threads);
  /// A DER PrivateKeyInfo (PKCS #8); nothing under the same conditions as `public_key::from_der`.
  static std::optional<private_key> from_der(std::string_view der);

  [[nodiscard]] signature_algorithm algorithm() const noexcept { return algorithm_; }
  /// 256 octets with RSA, 64 with Ed25519.
  [[nodiscard]] std::string sign(std::string_view message) const;
  [[nodiscard]] std::string to_der() const;
  [[nodiscard]] public_key public_half() const { return public_key{key_, algorithm_}; }

 private:
  private_key(std::shared_ptr<evp_pkey_st> key, signature_algorithm algorithm);
  std::shared_ptr<evp_pkey_st> key_;
  signature_algorithm algorithm_;
};

}  // namespace nxg::utilities
