#pragma once

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::repositories {

/// Members' plans. Exactly one per member is active: replacing it writes the new one first, so that a crash between
/// the steps leaves the old one in force or is completed by whoever reads next.
class workout_plans {
 public:
  explicit workout_plans(store::database& in) : plans_{in}, requests_{in} {}

  /// The plan the member follows; completes a replacement that was cut short.
  task<std::optional<workout_plan>> active_of(uuid member);
  task<std::optional<workout_plan>> find(uuid member, uuid plan);
  task<std::uint64_t> count_of(uuid member);
  /// The newest the member followed or follows, newest first; at most 1,000.
  task<std::vector<workout_plan>> followed_by(uuid member, std::size_t limit);
  /// Plans in force, those due for a refresh the longest first.
  task<store::page<workout_plan>> in_force(std::size_t limit, std::optional<std::string> after);
  /// Notes that a replacement was tried in vain.
  task<void> note_attempt(uuid member, uuid plan, instant at);

  /// Makes `plan` the active one of its member and says so with a `plan_activated`. Repeating it with the same id
  /// changes nothing.
  task<void> activate(workout_plan plan);
  /// Puts an active plan away. False when the member has no such active plan.
  task<bool> withdraw(uuid member, uuid plan);

  task<std::optional<plan_request>> request_of(uuid member);
  /// False when the member waits for one already (asked for after `forgotten_before`).
  task<bool> place_request(plan_request request, instant forgotten_before);
  /// Notes how it ended, if it is still the one waited for; `tell` says so by a `plan_request_settled`.
  task<void> finish_request(plan_request ended, bool tell);

 private:
  task<bool> complete(const workout_plan& plan);

  store::collection<workout_plan> plans_;
  store::collection<plan_request> requests_;
};

}  // namespace nxg::repositories
