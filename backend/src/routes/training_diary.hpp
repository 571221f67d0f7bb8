#pragma once

#include "http/router.hpp"
#include "services/training/diary.hpp"

namespace nxg::routes {

/// /api/workouts/logs. `diary` outlives the router.
void declare_training_diary(http::router& routes, training::diary& diary);

}  // namespace nxg::routes
