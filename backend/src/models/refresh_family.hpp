#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// One login and all refresh tokens that descend from it: what members see as a session. Tokens are kept as the
/// hexadecimal SHA-256 of their secret half.
struct refresh_family {
  uuid id{};
  std::int64_t version = 0;
  uuid user_id{};
  instant created_at{};
  instant last_used_at{};
  /// Of the newest token; the family ends with it, and never later than `ends_at`.
  instant expires_at{};
  instant ends_at{};
  std::optional<instant> revoked_at{};
  std::string user_agent{};
  std::string remote_address{};

  /// What may be used next. More than one only where an answer was lost and the token before was repeated.
  std::vector<std::string> valid{};
  /// The token that was rotated last, and when.
  std::optional<std::string> rotated{};
  std::optional<instant> rotated_at{};
  /// Tokens that must never come again; whoever shows one has copied it.
  std::vector<std::string> spent{};
};
BOOST_DESCRIBE_STRUCT(refresh_family, (),
                      (id, version, user_id, created_at, last_used_at, expires_at, ends_at, revoked_at, user_agent,
                       remote_address, valid, rotated, rotated_at, spent))

store::declaration<refresh_family> declare(store::tag<refresh_family>);

}  // namespace nxg
