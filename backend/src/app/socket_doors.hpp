#pragma once

#include "http/server.hpp"
#include "socketio/server.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg::app {

/// Which pages of browsers may open sockets: those of this host, and of these origins. Clients that are no browsers
/// send no `Origin` and are not asked.
[[nodiscard]] std::function<std::optional<std::string>(const socketio::request_info&)> pages_of(
    std::vector<std::string> origins);

/// Socket.IO at /socket.io/; plain WebSockets at /api/ws/machines and /api/ws/workouts.
void mount_sockets(socketio::server& sockets, http::server& door);

}  // namespace nxg::app
