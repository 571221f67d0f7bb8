#pragma once

#include "http/server.hpp"
#include "socketio/server.hpp"

#include <chrono>
#include <string>

namespace nxg::socketio_http {

/// Gives what comes to `door` below `path` (the server's own, with slashes) to `to`: upgrades, and the requests of
/// long-polling. Before the door starts; `to` must outlive it, and its cores be those of the door's pool, in their
/// order.
///
/// A request waits for at most `limit`, which should be longer than the server's ping interval and time-out together.
void mount(socketio::server& to, http::server& door, std::string path = "/socket.io/",
           std::chrono::milliseconds limit = std::chrono::seconds{120});

/// Gives the WebSocket upgrades that come to `door` at `path` to a plain door of `to`. As above.
void mount_plain(socketio::server& to, http::server& door, std::string path, socketio::plain_door by);

}  // namespace nxg::socketio_http
