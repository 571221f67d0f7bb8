#pragma once

#include "services/live/live_channel.hpp"
#include "services/planning/planning.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct planning_parts {
  planning::planning& plans;
  live_channel& live;
};

/// Makes the plans members asked for without waiting, and tells them. Before the dispatcher starts.
void handle_planning_events(store::dispatcher& by, const planning_parts& with);

}  // namespace nxg::events
