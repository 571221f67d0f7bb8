#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/planning/planning.hpp"

#include <functional>
#include <memory>

namespace nxg::routes {

/// Who calls an open route, if anybody: null without credentials; throws as authentication does for bad ones.
using caller_if_any = std::function<task<std::shared_ptr<const http::principal>>(const http::request&)>;

struct workouts_library_parts {
  planning::planning& plans;
  exercises::catalogue& exercises;
  runtime::clock& time;
  /// Absent: no availability is told.
  planning::floor_machines machines;
  /// Absent: everybody is a stranger to the library.
  caller_if_any caller;
};

/// GET /api/workouts/daily, /api/workouts/days/{muscleGroup} and /api/workouts/library.
void declare_workouts_library(http::router& routes, workouts_library_parts parts);

}  // namespace nxg::routes
