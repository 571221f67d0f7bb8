#pragma once

#include "repositories/job_runs.hpp"
#include "repositories/workout_plans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/planning/planning.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstddef>

namespace nxg::planning {

/// The daily look at all plans in force, from 02:00 UTC on: those that are due are replaced, a few at each call, so
/// that the day's calls are spread over the service's quota. How far it came is kept, so that another process (or this
/// one after a restart) goes on where it ended. Plans that could not be replaced are tried again six hours later.
class plan_refresh {
 public:
  struct parts {
    planning& plans;
    repositories::workout_plans& kept;
    repositories::job_runs& runs;
    runtime::clock& time;
    telemetry::metrics& metrics;
    telemetry::logger log;
  };
  struct pace {
    /// Calls to the service at most in one `step`.
    std::size_t calls = 10;
    /// Plans looked at in one page.
    std::size_t page = 100;
  };
  explicit plan_refresh(parts with) : plan_refresh{std::move(with), pace{}} {}
  plan_refresh(parts with, pace limits);

  /// For a job that comes every minute or so, one process at a time.
  task<void> step();

  static constexpr std::chrono::hours begins_at{2};
  static constexpr std::chrono::hours tried_again_after{6};

 private:
  task<bool> begin(job_run& run);
  /// False when it has to stop for now; else the page is done.
  task<bool> look_at(const std::vector<workout_plan>& plans, job_run& run, std::size_t& calls);
  task<refresh_outcome> refresh_one(uuid member);
  void finish(job_run& run);

  parts parts_;
  pace pace_;
};

}  // namespace nxg::planning
