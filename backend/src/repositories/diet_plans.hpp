#pragma once

#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nxg::repositories {

/// Members' diet plans. Exactly one per member is active: replacing it writes the new one first, so that a crash
/// between the steps leaves the old one in force or is completed by whoever reads next.
class diet_plans {
 public:
  diet_plans(store::database& in, runtime::clock& time) : plans_{in}, requests_{in}, time_{time} {}

  /// The plan the member follows; completes a replacement that was cut short.
  task<std::optional<diet_plan>> active_of(uuid member);
  task<std::optional<diet_plan>> find(uuid member, uuid plan);
  task<std::uint64_t> count_of(uuid member);

  /// Makes `plan` the active one of its member and says so with a `diet_plan_activated`. Repeating it with the same id
  /// changes nothing.
  task<void> activate(diet_plan plan);
  /// Puts an active plan away. False when the member has no such active plan.
  task<bool> withdraw(uuid member, uuid plan);

  /// Active plans whose refresh was due at `now`, the longest due first.
  task<std::vector<diet_plan>> due(instant now, std::size_t most);
  /// Notes that a refresh was tried in vain, and when the next one is due.
  task<void> postpone(uuid member, uuid plan, instant tried_at, instant next);

  task<std::optional<diet_request>> request_of(uuid member);
  /// False when the member waits for one already (asked for after `forgotten_before`).
  task<bool> place_request(diet_request request, instant forgotten_before);
  /// Notes how it ended, if it is still the one waited for; `tell` says so by a `diet_request_settled`.
  task<void> finish_request(diet_request ended, bool tell);

 private:
  task<bool> complete(const diet_plan& plan);

  store::collection<diet_plan> plans_;
  store::collection<diet_request> requests_;
  runtime::clock& time_;
};

}  // namespace nxg::repositories
