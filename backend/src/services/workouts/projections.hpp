#pragma once

#include "models/day_rows.hpp"
#include "models/workout.hpp"
#include "repositories/day_rows.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <vector>

namespace nxg::workouts {

/// What final workouts come to together.
[[nodiscard]] day_totals totals_of(const std::vector<workout>& finals);

/// Keeps day rows: each is computed from the workouts it covers and set at the version it was read at. Any number of
/// times, in any order, from any process, the rows end up the same.
class projections {
 public:
  projections(workout_repository& workouts, day_row_repository& rows, runtime::clock& time)
      : workouts_{workouts}, rows_{rows}, time_{time} {}

  task<void> set_member_day(uuid member, schema::local_date date);
  task<void> set_machine_day(uuid machine, uuid branch, schema::local_date date);

 private:
  workout_repository& workouts_;
  day_row_repository& rows_;
  runtime::clock& time_;
};

}  // namespace nxg::workouts
