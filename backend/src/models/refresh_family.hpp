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

/// One login and all refresh tokens that descend from it: what members see as a session. Each of its tokens holds the
/// family's secret, which shows that it was given out here, and a secret of its own. Both are kept as hexadecimal
/// SHA-256.
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

  std::string family_hash{};
  /// What may be used next. More than one only where an answer was lost and the token before was repeated.
  std::vector<std::string> valid{};
  /// The token that was rotated last, and when.
  std::optional<std::string> rotated{};
  std::optional<instant> rotated_at{};
};
BOOST_DESCRIBE_STRUCT(refresh_family, (),
                      (id, version, user_id, created_at, last_used_at, expires_at, ends_at, revoked_at, user_agent,
                       remote_address, family_hash, valid, rotated, rotated_at))

store::declaration<refresh_family> declare(store::tag<refresh_family>);

}  // namespace nxg
