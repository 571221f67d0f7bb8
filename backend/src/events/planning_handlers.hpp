#pragma once

#include "runtime/clock.hpp"
#include "services/live/live_channel.hpp"
#include "services/planning/planning.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace nxg::events {

/// `plan:ready`, to the member: a plan is in force, or one that was waited for could not be made (`failedWith`).
/// `id` is the event's, the same should it come twice; `at` is when it happened.
struct plan_ready_message {
  uuid id;
  instant at{};
  std::optional<uuid> plan_id;
  std::optional<std::string> plan_name;
  std::optional<plan_source> source;
  std::optional<uuid> request_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(plan_ready_message, (), (id, at, plan_id, plan_name, source, request_id, failed_with))

/// `plan:refreshed`, to the member, beside `plan:ready`: the plan was replaced because it was time, not because
/// somebody asked.
struct plan_refreshed_message {
  uuid id;
  instant at{};
  uuid plan_id;
  std::string plan_name;
  plan_source source = plan_source::rules;
  uuid replaces;
};
BOOST_DESCRIBE_STRUCT(plan_refreshed_message, (), (id, at, plan_id, plan_name, source, replaces))

/// What the handlers work with; all of it outlives the dispatcher.
struct planning_parts {
  planning::planning& plans;
  live_channel& live;
  runtime::clock& time;
};

/// Makes the plans members asked for without waiting, and tells them. Before the dispatcher starts.
void handle_planning_events(store::dispatcher& by, const planning_parts& with);

}  // namespace nxg::events
