#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/floor_machines.hpp"

#include <functional>
#include <memory>

namespace nxg::routes {

/// Who calls an open route, if anybody: null without credentials; throws as authentication does for bad ones.
using caller_if_any = std::function<task<std::shared_ptr<const http::principal>>(const http::request&)>;

/// What the routes work with; all of it outlives the router.
struct exercise_library_parts {
  exercises::catalogue& exercises;
  /// Absent: no machines are told.
  planning::floor_machines machines;
  /// Absent: everybody is a stranger to the library.
  caller_if_any caller;
};

/// GET /api/workouts/library and /api/exercises/{exerciseId}.
void declare_exercise_library(http::router& routes, exercise_library_parts parts);

}  // namespace nxg::routes
