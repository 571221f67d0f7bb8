#pragma once

#include "socketio/adapter.hpp"
#include "socketio/event_position.hpp"

#include <any>
#include <string>
#include <vector>

namespace nxg::socketio {

/// A client entered or left a room when the event at `after` was the last it had been told of.
struct room_change {
  event_position after;
  std::string room;
  bool entered = false;
};

/// A client that is away, as it was when its connection broke.
struct absent_client {
  std::string id;
  std::vector<std::string> rooms;  ///< without the one of its own id
  std::any data = {};
  /// Latest last. An event between two changes concerns the client by the rooms it was in then.
  std::vector<room_change> changes = {};
  /// Which rooms it was in is known for events behind this one.
  event_position since = {};
};

/// Whether an event, sent at `when`, was for that client.
[[nodiscard]] bool was_meant(const selection& by, const absent_client& one, const event_position& when);

}  // namespace nxg::socketio
