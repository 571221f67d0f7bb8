#pragma once

#include "http/router.hpp"
#include "middleware/arguments.hpp"
#include "services/accounts/audit.hpp"
#include "services/api_error.hpp"

#include <boost/describe/class.hpp>

#include <string_view>
#include <utility>

/// Routes to what belongs to one member: their own, and the same for admins under `/api/users/{userId}/…`.
namespace nxg::routes {

struct member_path {
  uuid user_id{};
};
BOOST_DESCRIBE_STRUCT(member_path, (), (user_id))

/// Whether the caller may: the member, or an admin, which is recorded as `what` first. Throws `not_found` for everybody
/// else, so that ids cannot be probed.
inline task<void> let_in(audit_log& audit, caller who, uuid member, audit_event what, std::string_view operation,
                         request_origin origin) {
  if (who.id == member) co_return;
  if (who.role != role::admin) throw not_found("account");
  audit_entry act{.event = what,
                  .actor = who.id,
                  .actor_role = who.role,
                  .subject = member,
                  .detail = std::string{operation},
                  .origin = std::move(origin)};
  co_await audit.record(std::move(act));
}

}  // namespace nxg::routes
