#pragma once

#include <compare>
#include <cstdint>

namespace nxg::socketio {

/// Where an event stands among all that a namespace numbers; what is sent later is greater. Zero: before all.
struct event_position {
  /// Grows when numbering began anew: nothing before it can be compared with what came after.
  std::uint64_t generation = 0;
  std::uint64_t time = 0;
  std::uint64_t number = 0;
  auto operator<=>(const event_position&) const = default;
};

}  // namespace nxg::socketio
