#include "realtime/channel.hpp"

namespace nxg::realtime {

std::string user_room(const uuid& id) { return "user:" + id.to_string(); }
std::string branch_room(const uuid& id) { return "branch:" + id.to_string(); }
std::string machine_room(const uuid& id) { return "machine:" + id.to_string(); }

socket_channel::socket_channel(socketio::server& server)
    : machines_{server.namespace_("/machines")},
      workouts_{server.namespace_("/workouts")},
      notifications_{server.namespace_("/notifications")} {}

void socket_channel::to_member(audience where, const uuid& member, std::string_view event, std::string json) {
  auto& in = where == audience::workouts ? workouts_ : notifications_;
  in.to(user_room(member)).emit(event, socketio::payload{std::move(json)});
}

void socket_channel::to_branch(const uuid& branch, std::string_view event, std::string json) {
  machines_.to(branch_room(branch)).emit(event, socketio::payload{std::move(json)});
}

void socket_channel::to_machine(const uuid& machine, std::string_view event, std::string json) {
  machines_.to(machine_room(machine)).emit(event, socketio::payload{std::move(json)});
}

}  // namespace nxg::realtime
