#pragma once

#include "models/diet_plan.hpp"
#include "models/plan_request.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// A diet plan a member asked for without waiting (`Prefer: respond-async`). One document per member: its id is the
/// member's.
struct diet_request {
  uuid id;
  std::int64_t version = 0;
  uuid request_id;
  plan_request_state state = plan_request_state::pending;
  schema::encrypted<diet_wishes> wishes;
  bool force_refresh = false;
  instant requested_at{};
  std::optional<instant> finished_at;
  std::optional<uuid> plan_id;
  /// The error's code, when it failed.
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(diet_request, (),
                      (id, version, request_id, state, wishes, force_refresh, requested_at, finished_at, plan_id,
                       failed_with))

/// Somebody waits for a diet plan: whoever handles this makes it.
struct diet_plan_requested {
  uuid member_id;
  uuid request_id;
};
BOOST_DESCRIBE_STRUCT(diet_plan_requested, (), (member_id, request_id))

/// A plan that was waited for is decided without a new one becoming active: the present one goes on, or none could be
/// made (`failed_with`). A new one tells of itself (`diet_plan_activated`).
struct diet_request_settled {
  uuid member_id;
  uuid request_id;
  std::optional<uuid> plan_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(diet_request_settled, (), (member_id, request_id, plan_id, failed_with))

store::declaration<diet_request> declare(store::tag<diet_request>);
store::event_declaration<diet_plan_requested> declare(store::tag<diet_plan_requested>);
store::event_declaration<diet_request_settled> declare(store::tag<diet_request_settled>);

}  // namespace nxg
