#pragma once

#include "runtime/clock.hpp"
#include "services/diets/diet_planning.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace nxg::events {

/// `diet-plan:ready`, to the member: a diet plan is in force, or one that was waited for could not be made
/// (`failedWith`). `id` is the event's, the same should it come twice; `at` is when it happened.
struct diet_plan_ready_message {
  uuid id;
  instant at{};
  std::optional<uuid> plan_id;
  std::optional<plan_source> source;
  std::optional<uuid> request_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(diet_plan_ready_message, (), (id, at, plan_id, source, request_id, failed_with))

/// What the handlers work with; all of it outlives the dispatcher.
struct diet_parts {
  diets::diet_planning& plans;
  live_channel& live;
};

/// Makes the diet plans members asked for without waiting, and tells them. Before the dispatcher starts.
void handle_diet_events(store::dispatcher& by, const diet_parts& with);

}  // namespace nxg::events
