#pragma once

#include "runtime/task.hpp"
#include "socketio/packet.hpp"
#include "socketio/payload.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {

/// Which sockets of a namespace are meant: those in any of `rooms` (all when empty) and in none of `except`.
/// Every socket is in the room named by its own id.
struct selection {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
};

/// A socket as others may see it, here or in another process.
struct socket_info {
  std::string id;
  std::vector<std::string> rooms;  ///< without the room of its own id
  std::string remote_address;
};

/// The sockets of one namespace in this process, kept in one table per core. Thread-safe.
///
/// Each operation posts one message to each core (its own core's part runs at once), never one per socket. Operations
/// of one thread arrive in their order.
class local_sockets {
 public:
  virtual ~local_sockets() = default;
  virtual void send(const selection& to, shared_frames frames, const delivery& how) = 0;
  virtual void join(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void leave(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void disconnect(const selection& who, bool close_connection) = 0;
  virtual task<std::vector<socket_info>> sockets(selection who) = 0;
  [[nodiscard]] virtual const std::string& namespace_name() const noexcept = 0;
};

/// The port through which a namespace reaches all its sockets, in whatever process they are. One object per namespace;
/// called from any thread; must not block. What it does in this process it does through `local_sockets`.
class adapter {
 public:
  virtual ~adapter() = default;

  virtual void broadcast(const selection& to, std::string_view event, const payload& content, const delivery& how) = 0;
  virtual void join(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void leave(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void disconnect(const selection& who, bool close_connection) = 0;
  virtual task<std::vector<socket_info>> sockets(selection who) = 0;

  /// A local socket entered or left a room; on the socket's core. For adapters that subscribe per room.
  virtual void joined(std::string_view, std::string_view) {}
  virtual void left(std::string_view, std::string_view) {}
};

using adapter_factory = std::function<std::unique_ptr<adapter>(local_sockets& here)>;

/// One process, nothing to tell anyone else.
class in_process_adapter final : public adapter {
 public:
  explicit in_process_adapter(local_sockets& here) : here_{here} {}

  void broadcast(const selection& to, std::string_view event, const payload& content, const delivery& how) override;
  void join(const selection& who, std::vector<std::string> rooms) override;
  void leave(const selection& who, std::vector<std::string> rooms) override;
  void disconnect(const selection& who, bool close_connection) override;
  task<std::vector<socket_info>> sockets(selection who) override;

 private:
  local_sockets& here_;
};

}  // namespace nxg::socketio
