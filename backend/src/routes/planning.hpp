#pragma once

#include "http/router.hpp"
#include "routes/plan_routes.hpp"
#include "runtime/clock.hpp"
#include "services/planning/planning.hpp"

namespace nxg::routes {

/// POST /api/integrations/workout-plans, its status, and DELETE of the active plan. All outlive the router.
void declare_planning(http::router& routes, planning::planning& plans, runtime::clock& time,
                      audit_plan_for_other audit = {});

}  // namespace nxg::routes
