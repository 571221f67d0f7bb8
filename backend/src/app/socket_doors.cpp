#include "app/socket_doors.hpp"

#include "realtime/plain_doors.hpp"
#include "socketio_http/mount.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace nxg::app {

std::function<std::optional<std::string>(const socketio::request_info&)> pages_of(std::vector<std::string> origins) {
  return [origins = std::move(origins)](const socketio::request_info& from) -> std::optional<std::string> {
    const auto origin = from.headers.get("origin");
    if (origin.empty() || std::ranges::find(origins, origin) != origins.end() ||
        std::ranges::find(origins, "*") != origins.end())
      return std::nullopt;
    const auto scheme_end = origin.find("://");
    if (scheme_end != std::string_view::npos && origin.substr(scheme_end + 3) == from.headers.get("host"))
      return std::nullopt;
    return "Origin not allowed";
  };
}

void mount_sockets(socketio::server& sockets, http::server& door) {
  socketio_http::mount(sockets, door, "/socket.io/");
  socketio_http::mount_plain(sockets, door, "/api/ws/machines", realtime::plain_door_of("/machines"));
  socketio_http::mount_plain(sockets, door, "/api/ws/workouts", realtime::plain_door_of("/workouts"));
}

}  // namespace nxg::app
