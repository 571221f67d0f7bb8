#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "services/planning/planning.hpp"

#include <functional>

namespace nxg::routes {

/// Notes that an admin had a plan made for somebody else. Throws what keeping the record throws: then nothing is done.
using audit_plan_for_other = std::function<task<void>(http::request& incoming, uuid member)>;

/// POST /api/integrations/workout-plans, its status, and DELETE of the active plan. All outlive the router.
void declare_planning(http::router& routes, planning::planning& plans, runtime::clock& time,
                      audit_plan_for_other audit = {});

}  // namespace nxg::routes
