#pragma once

#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// What sockets are told of members' bodies.
namespace nxg::live {

/// `metrics:updated`, to the member: what changed, and the figures as they are now. Momentary, as these are health
/// data, which an inbox would keep in the open.
struct metrics_updated_message {
  uuid id;
  instant at{};
  std::optional<instant> recorded_at;
  std::vector<std::string> changed;
  std::optional<double> bmi;
  std::optional<double> weight_kg;
};
BOOST_DESCRIBE_STRUCT(metrics_updated_message, (), (id, at, recorded_at, changed, bmi, weight_kg))
inline constexpr sent announced(tag<metrics_updated_message>) {
  return {"metrics:updated", audience::notifications, "Body metrics or targets changed: what, and how they are now.",
          keeping::momentary};
}

}  // namespace nxg::live
