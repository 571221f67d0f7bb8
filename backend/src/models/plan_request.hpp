#pragma once

#include "models/training_need.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

enum class plan_request_state : std::uint8_t { pending, done, failed };
BOOST_DESCRIBE_ENUM(plan_request_state, pending, done, failed)

/// A plan a member asked for without waiting (`Prefer: respond-async`). One document per member: its id is the
/// member's.
struct plan_request {
  uuid id;
  std::int64_t version = 0;
  uuid request_id;
  plan_request_state state = plan_request_state::pending;
  std::int32_t weekly_workout_days = 3;
  plan_preferences preferences;
  bool force_refresh = false;
  instant requested_at{};
  std::optional<instant> finished_at;
  std::optional<uuid> plan_id;
  /// The error's code, when it failed.
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(plan_request, (),
                      (id, version, request_id, state, weekly_workout_days, preferences, force_refresh, requested_at,
                       finished_at, plan_id, failed_with))

/// Somebody waits for a plan: whoever handles this makes it.
struct plan_requested {
  uuid member_id;
  uuid request_id;
};
BOOST_DESCRIBE_STRUCT(plan_requested, (), (member_id, request_id))

/// A plan that was waited for is decided without a new one becoming active: the present one goes on, or none could be
/// made (`failed_with`). A new one tells of itself (`plan_activated`).
struct plan_request_settled {
  uuid member_id;
  uuid request_id;
  std::optional<uuid> plan_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(plan_request_settled, (), (member_id, request_id, plan_id, failed_with))

store::declaration<plan_request> declare(store::tag<plan_request>);
store::event_declaration<plan_requested> declare(store::tag<plan_requested>);
store::event_declaration<plan_request_settled> declare(store::tag<plan_request_settled>);

}  // namespace nxg
