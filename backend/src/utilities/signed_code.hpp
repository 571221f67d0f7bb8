#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "utilities/signing.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg::utilities {

/// A short-lived code to be shown as a QR and read offline by whoever has the issuer's public key.
struct signed_code {
  /// Who vouches for it, and by which of its keys.
  uuid issuer;
  uuid key;
  /// Random; what makes a code single use.
  uuid nonce;
  instant issued_at{};
  instant expires_at{};

  friend bool operator==(const signed_code&, const signed_code&) = default;
};

/// 200 characters of base32, upper case (fits a QR code of version 9): one octet of version, three ids, two times of
/// six octets (milliseconds), the Ed25519 signature over all of it. Throws `std::invalid_argument` with another kind of
/// key or a time that six octets do not hold.
[[nodiscard]] std::string write_code(const signed_code& code, const private_key& key);

/// What a text claims to be. Trust it only after `verified_by`.
class unverified_code {
 public:
  /// Nothing unless `text` is exactly of the form `write_code` makes (case does not matter).
  static std::optional<unverified_code> parse(std::string_view text);

  [[nodiscard]] const uuid& issuer() const noexcept { return code_.issuer; }
  [[nodiscard]] const uuid& key() const noexcept { return code_.key; }
  /// The code when its signature is by this key, else nothing. The caller judges the times.
  [[nodiscard]] std::optional<signed_code> verified_by(const public_key& key) const;

 private:
  unverified_code(signed_code code, std::string octets) : code_{code}, octets_{std::move(octets)} {}
  signed_code code_;
  std::string octets_;
};

}  // namespace nxg::utilities
