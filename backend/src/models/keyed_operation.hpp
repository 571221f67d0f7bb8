#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// Where they are kept; their principal may be a device.
inline constexpr char keyed_operations_name[] = "keyedOperations";

/// The answer of a finished operation, to be given again.
struct kept_answer {
  std::int64_t status = 0;
  std::string content_type{};
  std::string location{};
  std::string etag{};
  std::optional<std::string> preference_applied{};
  std::string body{};
};
BOOST_DESCRIBE_STRUCT(kept_answer, (), (status, content_type, location, etag, preference_applied, body))

/// A request with an `Idempotency-Key`, known from before it does anything.
struct keyed_operation {
  /// Made of principal, operation and key: the same request meets itself.
  uuid id{};
  std::int64_t version = 0;
  uuid principal{};
  /// Hexadecimal SHA-256 of method, target, preferences and body.
  std::string fingerprint{};
  /// What the ids it creates are made from, and its time; the same on every try.
  uuid seed{};
  instant at{};
  instant claimed_until{};
  /// As it was kept before it was sealed; nothing writes it.
  std::optional<kept_answer> answer{};
  /// It may tell of a body.
  std::optional<schema::encrypted<kept_answer>> sealed_answer{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(keyed_operation, (),
                      (id, version, principal, fingerprint, seed, at, claimed_until, answer, sealed_answer, expires_at))

store::declaration<keyed_operation> declare(store::tag<keyed_operation>);

}  // namespace nxg
