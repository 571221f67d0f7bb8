#pragma once

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "repositories/member_plans.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nxg::repositories {

/// What is a workout plan's own where it is kept.
struct kept_workout_plans {
  using plan_type = workout_plan;
  using request_type = plan_request;
  using requested = plan_requested;
  using settled = plan_request_settled;
  static constexpr const char* name = "workout plan";

  static store::changes<workout_plan> ending(plan_state as);
  static store::events activated(const workout_plan& plan);
  static void set_wishes(store::changes<plan_request>& to, const plan_request& wanted);
};
extern template class member_plans<kept_workout_plans>;

/// Members' workout plans.
class workout_plans : public member_plans<kept_workout_plans> {
 public:
  explicit workout_plans(store::database& in) : member_plans{in, {}} {}

  /// The newest the member followed or follows, newest first; at most 1,000.
  task<std::vector<workout_plan>> followed_by(uuid member, std::size_t limit);
  /// Plans in force, those due for a refresh the longest first.
  task<store::page<workout_plan>> in_force(std::size_t limit, std::optional<std::string> after);
  /// Notes that a replacement was tried in vain.
  task<void> note_attempt(uuid member, uuid plan, instant at);
};

}  // namespace nxg::repositories
