#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "services/machines/link_service.hpp"
#include "services/machines/presence.hpp"
#include "services/machines/registry.hpp"
#include "services/machines/upkeep.hpp"
#include "services/telemetry/intake.hpp"

namespace nxg::routes {

/// What the routes of machines work with; all of it outlives the router.
struct machine_parts {
  machine_registry& registry;
  machine_presence& presence;
  machine_upkeep& upkeep;
  link_service& links;
  samples::intake& intake;
  runtime::clock& time;
};

/// /api/machines: registry and identities, availability, links, and the machines' own doors.
void declare_machines(http::router& routes, const machine_parts& with);

}  // namespace nxg::routes
