#pragma once

#include "http/router.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/training/customisation.hpp"
#include "services/training/training_week.hpp"

namespace nxg::routes {

/// What the routes work with; all of it outlives the router.
struct training_plan_parts {
  training::customisation& plans;
  training::training_week& week;
  planning::floor_machines machines;
};

/// GET /api/workouts/today; GET, PUT and DELETE /api/workouts/plan/customize and DELETE of one change.
void declare_training_plan(http::router& routes, training_plan_parts parts);

}  // namespace nxg::routes
