#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "services/workouts/history.hpp"

namespace nxg::routes {

/// A member's own workouts, their samples, and the days. All outlive the router.
void declare_workouts_history(http::router& routes, workouts::history& history, runtime::clock& time);

}  // namespace nxg::routes
