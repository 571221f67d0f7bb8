#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "services/diets/diet_planning.hpp"

#include <functional>

namespace nxg::routes {

/// Notes that an admin had a plan made for somebody else. Throws what keeping the record throws: then nothing is done.
using audit_diet_for_other = std::function<task<void>(http::request& incoming, uuid member)>;

/// POST /api/integrations/diet-plans, its status, and DELETE of the active plan. All outlive the router.
void declare_diet_plans(http::router& routes, diets::diet_planning& plans, runtime::clock& time,
                        audit_diet_for_other audit = {});

}  // namespace nxg::routes
