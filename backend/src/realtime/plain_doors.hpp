#pragma once

#include "socketio/plain_door.hpp"

#include <string>

namespace nxg::realtime {

/// The door of a namespace for clients without Socket.IO. Its close codes are in docs/realtime.md.
[[nodiscard]] socketio::plain_door plain_door_of(std::string namespace_name);

}  // namespace nxg::realtime
