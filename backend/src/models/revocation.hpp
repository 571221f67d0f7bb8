#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace nxg {

enum class revoked_thing : std::uint8_t {
  /// Every token of a login session or device credential, for good.
  session,
  /// Every token of a principal issued up to that moment.
  principal,
};
BOOST_DESCRIBE_ENUM(revoked_thing, session, principal)

/// Says that access tokens which have not expired are worth nothing any more. Lives as long as such a token can.
struct revocation {
  /// `session:<id>` or `principal:<id>`: revoking twice is revoking once.
  std::string id{};
  std::int64_t version = 0;
  revoked_thing what = revoked_thing::session;
  uuid subject{};
  instant revoked_at{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(revocation, (), (id, version, what, subject, revoked_at, expires_at))

store::declaration<revocation> declare(store::tag<revocation>);

}  // namespace nxg
