#pragma once

#include "services/diets/diet_planning.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct diet_parts {
  diets::diet_planning& plans;
  live_channel& live;
};

/// Makes the diet plans members asked for without waiting, and tells them. Before the dispatcher starts.
void handle_diet_events(store::dispatcher& by, const diet_parts& with);

}  // namespace nxg::events
