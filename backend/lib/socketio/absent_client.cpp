#include "socketio/absent_client.hpp"

#include <algorithm>
#include <ranges>

namespace nxg::socketio {

namespace {

bool was_in(const absent_client& one, const std::string& room, const event_position& when) {
  if (one.id == room) return true;
  bool in = std::ranges::find(one.rooms, room) != one.rooms.end();
  for (const auto& change : one.changes | std::views::reverse) {
    if (change.after < when) break;  // had happened by then
    if (change.room == room) in = !change.entered;
  }
  return in;
}

}  // namespace

bool was_meant(const selection& by, const absent_client& one, const event_position& when) {
  const auto in = [&](const std::string& room) { return was_in(one, room, when); };
  return (by.rooms.empty() || std::ranges::any_of(by.rooms, in)) && std::ranges::none_of(by.except, in);
}

}  // namespace nxg::socketio
