#pragma once

#include "repositories/machines.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "services/live/live_channel.hpp"
#include "services/machines/link_service.hpp"
#include "services/points/ledger.hpp"
#include "services/visits/branch_floor.hpp"
#include "services/visits/visit_service.hpp"
#include "services/workouts/closing.hpp"
#include "services/workouts/projections.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct floor_parts {
  machine_repository& machines;
  workout_repository& workouts;
  link_service& links;
  visit_service& visits;
  branch_floor& floor;
  workouts::closing& summaries;
  workouts::projections& rows;
  points::ledger& points;
  live_channel& live;
  runtime::clock& time;
};

/// What follows from what happens on the gym floor. Before the dispatcher starts.
void handle_floor_events(store::dispatcher& by, const floor_parts& with);

}  // namespace nxg::events
