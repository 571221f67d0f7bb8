#pragma once

#include "objects/object_store.hpp"
#include "repositories/scans.hpp"
#include "services/live/live_channel.hpp"
#include "services/scans/avatars.hpp"
#include "services/scans/processing.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

namespace nxg::events {

/// `scan:status`, to the member. `id` is the event's, the same should it come twice; `at` is when it happened.
struct scan_status_message {
  uuid id;
  instant at{};
  uuid scan_id;
  scan_status status = scan_status::queued;
  std::int32_t progress = 0;
};
BOOST_DESCRIBE_STRUCT(scan_status_message, (), (id, at, scan_id, status, progress))

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
