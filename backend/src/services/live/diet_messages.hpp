#pragma once

#include "models/diet_plan.hpp"
#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

/// What sockets are told of diet plans.
namespace nxg::live {

/// `diet-plan:ready`, to the member.
struct diet_plan_ready_message {
  uuid id;
  instant at{};
  std::optional<uuid> plan_id;
  std::optional<plan_source> source;
  std::optional<uuid> request_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(diet_plan_ready_message, (), (id, at, plan_id, source, request_id, failed_with))
inline constexpr sent announced(tag<diet_plan_ready_message>) {
  return {"diet-plan:ready", audience::notifications,
          "A diet plan is in force, or one that was waited for could not be made (`failedWith`)."};
}

}  // namespace nxg::live
