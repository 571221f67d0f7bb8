#pragma once

#include "repositories/diet_plans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/diets/diet_planning.hpp"
#include "telemetry/log.hpp"

#include <cstddef>
#include <cstdint>

namespace nxg::diets {

/// Replaces diet plans in their time: from 03:00 UTC on those that were due by then, the longest due first, a few at
/// each step, so that a day's steps stay below what the quota leaves to jobs. What cannot be done now is due again
/// later, so that nothing waits behind it.
class diet_refresh {
 public:
  /// `steps_a_day`: how often `step` is called. All parts outlive it.
  diet_refresh(diet_planning& plans, repositories::diet_plans& kept, runtime::clock& time, telemetry::logger log,
               std::uint64_t quota_per_day, std::uint64_t steps_a_day);

  /// How many plans were replaced. Under a lease: one process at a time.
  task<std::size_t> step();

  /// The last 03:00 UTC that is not after `now`.
  [[nodiscard]] static instant last_start(instant now);

 private:
  task<refresh_outcome> refresh_one(diet_plan due);

  diet_planning& plans_;
  repositories::diet_plans& kept_;
  runtime::clock& time_;
  telemetry::logger log_;
  std::size_t most_;
};

}  // namespace nxg::diets
