#pragma once

#include "http/router.hpp"
#include "routes/plan_routes.hpp"
#include "runtime/clock.hpp"
#include "services/diets/diet_planning.hpp"

namespace nxg::routes {

/// POST /api/integrations/diet-plans, its status, and DELETE of the active plan. All outlive the router.
void declare_diet_plans(http::router& routes, diets::diet_planning& plans, runtime::clock& time,
                        audit_plan_for_other audit = {});

}  // namespace nxg::routes
