#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/training/customisation.hpp"

namespace nxg::routes {

/// What the routes work with; all of it outlives the router.
struct workouts_plan_parts {
  training::customisation& plans;
  runtime::clock& time;
  /// Absent: no availability is told.
  planning::floor_machines machines;
};

/// GET /api/workouts/daily and /api/workouts/days/{muscleGroup}.
void declare_workouts_plan(http::router& routes, workouts_plan_parts parts);

}  // namespace nxg::routes
