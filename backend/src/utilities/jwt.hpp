#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "utilities/signing.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nxg::utilities {

/// What an access token says (RFC 9068). Times are whole seconds on the wire.
struct token_claims {
  std::string issuer;
  std::string audience;
  uuid subject;
  uuid session;
  uuid token_id;
  std::string role;
  std::vector<uuid> scopes;
  instant issued_at{};
  instant not_before{};
  instant expires_at{};

  friend bool operator==(const token_claims&, const token_claims&) = default;
};

enum class token_refusal : std::uint8_t {
  malformed,
  bad_signature,
  wrong_issuer,
  wrong_audience,
  not_yet_valid,
  expired,
};

struct token_expectations {
  std::string issuer;
  std::string audience;
  /// How far clocks of two processes may be apart, for `nbf` and `iat` only: a token never outlives its `exp`.
  std::chrono::seconds skew{5};
};

/// Of a token; as many branches as staff may work at.
inline constexpr std::size_t max_token_scopes = 100;
/// Longer texts are refused unread. A token of all its scopes has 6 KiB, a request's head may have 16.
inline constexpr std::size_t max_token_size = 8192;

/// Writes a compact JWS with `alg` RS256 and `typ` at+jwt. `kid` may hold letters, digits, '-' and '_'. Throws
/// std::invalid_argument where it could not be read again.
[[nodiscard]] std::string write_token(const token_claims& claims, std::string_view kid, const private_key& key);

/// The `kid` of a text that has the shape of a token of ours; nothing otherwise. Nothing is verified yet.
/// The header must be, to the octet, what `write_token` writes: no other algorithm can even be spelled, and no
/// general parser ever sees an unsigned text.
[[nodiscard]] std::optional<std::string> kid_of(std::string_view token);

/// Verifies the signature by `key`, which must be the one of `kid_of(token)`, then the claims.
[[nodiscard]] std::variant<token_claims, token_refusal> read_token(std::string_view token, const public_key& key,
                                                                   const token_expectations& expected, instant now);

}  // namespace nxg::utilities
