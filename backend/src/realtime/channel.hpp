#pragma once

#include "services/live/live_channel.hpp"
#include "socketio/server.hpp"

namespace nxg::realtime {

/// The live channel over Socket.IO rooms: `user:<id>`, `branch:<id>`, `machine:<id>`.
class socket_channel final : public live_channel {
 public:
  /// Declares the namespaces where they are not yet; the server outlives the channel.
  explicit socket_channel(socketio::server& server);

  void to_member(audience where, const uuid& member, std::string_view event, std::string json) override;
  void to_branch(const uuid& branch, std::string_view event, std::string json) override;
  void to_machine(const uuid& machine, std::string_view event, std::string json) override;

 private:
  socketio::name_space& machines_;
  socketio::name_space& workouts_;
  socketio::name_space& notifications_;
};

[[nodiscard]] std::string user_room(const uuid& id);
[[nodiscard]] std::string branch_room(const uuid& id);
[[nodiscard]] std::string machine_room(const uuid& id);

}  // namespace nxg::realtime
