#pragma once

#include "runtime/clock.hpp"
#include "services/body/metrics.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::events {

/// `metrics:updated`, to the member: what changed, and the figures as they are now. `id` is the event's, the same
/// should it come twice; `at` is when it happened.
struct metrics_updated_message {
  uuid id;
  instant at{};
  std::optional<instant> recorded_at;
  std::vector<std::string> changed;
  std::optional<double> bmi;
  std::optional<double> weight_kg;
};
BOOST_DESCRIBE_STRUCT(metrics_updated_message, (), (id, at, recorded_at, changed, bmi, weight_kg))

/// What the handlers work with; all of it outlives the dispatcher.
struct body_parts {
  body::metrics& metrics;
  live_channel& live;
};

/// Completes members' body histories, and tells their devices. Before the dispatcher starts.
void handle_body_events(store::dispatcher& by, const body_parts& with);

}  // namespace nxg::events
