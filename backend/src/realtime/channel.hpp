#pragma once

#include "realtime/postman.hpp"
#include "services/live/inbox.hpp"
#include "services/live/live_channel.hpp"
#include "socketio/server.hpp"

namespace nxg::realtime {

/// The live channel: what is kept goes through inboxes, the rest straight into Socket.IO rooms (`user:<id>`,
/// `branch:<id>`, `machine:<id>`).
class socket_channel final : public live_channel {
 public:
  /// Declares the namespaces where they are not yet. All outlive the channel.
  socket_channel(socketio::server& server, live::inbox_service& inboxes, postman& post);

 protected:
  task<void> keep(uuid member, const live::sent& what, uuid id, std::string json) override;
  void show_member(const uuid& member, const live::sent& what, std::string json) override;
  void show_branch(const uuid& branch, const live::sent& what, std::string json) override;
  void show_staff(const uuid& branch, const live::sent& what, std::string json) override;
  void show_machine(const uuid& machine, const live::sent& what, std::string json) override;

 private:
  live::inbox_service& inboxes_;
  postman& post_;
  socketio::name_space& machines_;
  socketio::name_space& workouts_;
  socketio::name_space& notifications_;
  socketio::name_space& staff_;
};

[[nodiscard]] std::string user_room(const uuid& id);
[[nodiscard]] std::string branch_room(const uuid& id);
[[nodiscard]] std::string machine_room(const uuid& id);

}  // namespace nxg::realtime
