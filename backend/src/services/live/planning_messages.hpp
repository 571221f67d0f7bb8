#pragma once

#include "models/workout_plan.hpp"
#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

/// What sockets are told of plans.
namespace nxg::live {

/// `plan:ready`, to the member: a plan is in force, or one that was waited for could not be made (`failedWith`).
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
inline constexpr sent announced(tag<plan_ready_message>) {
  return {"plan:ready", audience::workouts,
          "A workout plan is in force, or one that was waited for could not be made (`failedWith`)."};
}

/// `plan:refreshed`, to the member, beside `plan:ready`.
struct plan_refreshed_message {
  uuid id;
  instant at{};
  uuid plan_id;
  std::string plan_name;
  plan_source source = plan_source::rules;
  uuid replaces;
};
BOOST_DESCRIBE_STRUCT(plan_refreshed_message, (), (id, at, plan_id, plan_name, source, replaces))
inline constexpr sent announced(tag<plan_refreshed_message>) {
  return {"plan:refreshed", audience::workouts,
          "The plan was replaced because it was time, not because somebody asked; beside `plan:ready`."};
}

}  // namespace nxg::live
