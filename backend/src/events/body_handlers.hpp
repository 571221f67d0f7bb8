#pragma once

#include "services/body/metrics.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct body_parts {
  body::metrics& metrics;
  live_channel& live;
};

/// Completes members' body histories, and tells their devices. Before the dispatcher starts.
void handle_body_events(store::dispatcher& by, const body_parts& with);

}  // namespace nxg::events
