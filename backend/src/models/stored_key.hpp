#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

enum class key_purpose : std::uint8_t {
  /// RS256, signs access tokens.
  access_token,
  /// Ed25519, one per branch, signs what its screens show.
  branch_code,
  /// AES-256, one per member, seals health data.
  data,
  /// HMAC, signs cursors of lists.
  cursor,
};
BOOST_DESCRIBE_ENUM(key_purpose, access_token, branch_code, data, cursor)

/// `next` is published before it signs, so that every process knows it in time; `retired` still verifies.
enum class key_state : std::uint8_t { next, current, retired };
BOOST_DESCRIBE_ENUM(key_state, next, current, retired)

/// A key whose secret part is sealed under the master key.
struct stored_key {
  /// The `kid`.
  std::string id{};
  std::int64_t version = 0;
  key_purpose purpose = key_purpose::access_token;
  /// The branch or member it belongs to.
  std::optional<uuid> owner{};
  /// Purpose and owner in one: there is one current and one next key of each.
  std::string scope{};
  key_state state = key_state::next;
  /// DER SubjectPublicKeyInfo; empty where the key is symmetric.
  schema::bytes public_part{};
  schema::bytes wrapped{};
  instant created_at{};
  std::optional<instant> retired_at{};
  /// Of a retired key: when nothing it made is of any use any more.
  std::optional<instant> expires_at{};
};
BOOST_DESCRIBE_STRUCT(stored_key, (),
                      (id, version, purpose, owner, scope, state, public_part, wrapped, created_at, retired_at,
                       expires_at))

store::declaration<stored_key> declare(store::tag<stored_key>);

}  // namespace nxg
