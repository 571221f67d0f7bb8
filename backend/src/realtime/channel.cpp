#include "realtime/channel.hpp"

namespace nxg::realtime {

namespace {
constexpr const char* coalesced = "momentary";

std::string room(std::string_view of, const uuid& id) {
  std::string name;
  name.reserve(of.size() + uuid::text_size);
  name += of;
  id.append_to(name);
  return name;
}
}  // namespace

std::string user_room(const uuid& id) { return room("user:", id); }
std::string branch_room(const uuid& id) { return room("branch:", id); }
std::string machine_room(const uuid& id) { return room("machine:", id); }

socket_channel::socket_channel(socketio::server& server, live::inbox_service& inboxes, postman& post)
    : inboxes_{inboxes},
      post_{post},
      machines_{server.namespace_("/machines")},
      workouts_{server.namespace_("/workouts")},
      notifications_{server.namespace_("/notifications")},
      staff_{server.namespace_("/staff")} {}

task<void> socket_channel::keep(uuid member, const live::sent& what, uuid id, std::string json) {
  const auto cursor = co_await inboxes_.put(member, what, id, json);
  if (!cursor) co_return;
  // Also when it was there before: whoever put it there may have died before anybody heard.
  inbox_event told{*cursor, id, std::string{what.name}, std::string{live::namespace_of(what.to)}, std::move(json)};
  post_.announce(member, std::move(told));
}

void socket_channel::show_member(const uuid& member, const live::sent& what, std::string json) {
  auto& in = what.to == live::audience::workouts ? workouts_ : notifications_;
  // Of what waits for a reader that is slow, the newest is enough.
  in.to(user_room(member)).coalesce(coalesced).emit(what.name, socketio::payload{std::move(json)});
}

void socket_channel::show_branch(const uuid& branch, const live::sent& what, std::string json) {
  machines_.to(branch_room(branch)).emit(what.name, socketio::payload{std::move(json)});
}

void socket_channel::show_staff(const uuid& branch, const live::sent& what, std::string json) {
  staff_.to(branch_room(branch)).emit(what.name, socketio::payload{std::move(json)});
}

void socket_channel::show_machine(const uuid& machine, const live::sent& what, std::string json) {
  machines_.to(machine_room(machine)).emit(what.name, socketio::payload{std::move(json)});
}

}  // namespace nxg::realtime
