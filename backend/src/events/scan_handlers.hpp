#pragma once

#include "objects/object_store.hpp"
#include "repositories/scans.hpp"
#include "services/live/live_channel.hpp"
#include "services/scans/avatars.hpp"
#include "services/scans/processing.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct scan_handler_parts {
  scanning::processing& process;
  scanning::avatars& figures;
  repositories::scans& scans;
  objects::object_store& files;
  live_channel& live;
};

/// Processes scans as they come, gives members their avatars, tells them, removes files. Before the dispatcher starts.
void handle_scan_events(store::dispatcher& by, const scan_handler_parts& with);

}  // namespace nxg::events
