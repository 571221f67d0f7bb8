#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "socketio/event_position.hpp"
#include "socketio/packet.hpp"
#include "socketio/payload.hpp"
#include "socketio/recovery_options.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {

class shared_recovery;

/// Which sockets of a namespace are meant: those in any of `rooms` (all when empty) and in none of `except`.
/// Every socket is in the room named by its own id.
struct selection {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
  /// Only those of this process.
  bool local = false;
};

/// A socket as others may see it, here or in another process.
struct socket_info {
  std::string id;
  std::vector<std::string> rooms;  ///< without the room of its own id
  std::string remote_address;
  /// What the application shows of the socket's data (`name_space::show_data`), a JSON text.
  std::string data = "{}";
};

/// Hears what becomes of a broadcast that wants answers. Thread-safe.
class answer_sink {
 public:
  virtual ~answer_sink() = default;
  /// How many processes will say how many of their sockets were asked; called once.
  virtual void expect_processes(std::size_t count) = 0;
  /// Called once by each.
  virtual void expect_sockets(std::size_t count) = 0;
  virtual void answered(event_args what) = 0;
  /// A socket went away, or its time is over.
  virtual void missed() = 0;
};

/// The sockets of one namespace in this process, kept in one table per core. Thread-safe.
///
/// Each operation posts one message to each core (its own core's part runs at once), never one per socket. Operations
/// of one thread arrive in their order.
class local_sockets {
 public:
  virtual ~local_sockets() = default;
  /// An event, encoded here.
  virtual void emit(const selection& to, std::string_view event, const payload& content, const delivery& how) = 0;
  /// The same, wanting answers; `into` hears of the sockets of this process only.
  virtual void ask(const selection& to, std::string_view event, const payload& content,
                   std::chrono::milliseconds timeout, std::shared_ptr<answer_sink> into) = 0;
  /// Another process said something to this one (`name_space::on_server_event`).
  virtual void server_event(event_args what) = 0;
  [[nodiscard]] virtual runtime::clock& clock() const noexcept = 0;
  /// A loop of the server's own, for what concerns no socket.
  [[nodiscard]] virtual executor home() const = 0;
  virtual void send(const selection& to, shared_frames frames, const delivery& how) = 0;
  virtual void join(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void leave(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void disconnect(const selection& who, bool close_connection) = 0;
  virtual task<std::vector<socket_info>> sockets(selection who) = 0;
  [[nodiscard]] virtual const std::string& namespace_name() const noexcept = 0;

  // For adapters that number events for all processes alike; called by such only.

  /// Null when clients cannot come back.
  [[nodiscard]] virtual const recovery_options* recovery() const noexcept = 0;
  /// From now on nothing is numbered here: `by` does.
  virtual void number_elsewhere(shared_recovery& by) = 0;
  /// An event with its number; the client is told `offset`. One call at a time, in the order of the numbers.
  virtual void deliver(const event_position& at, std::string_view offset, const selection& to, std::string_view event,
                       const payload& content) = 0;
  /// An event that has none, behind what was delivered before; never runs anything from inside.
  virtual void deliver_unnumbered(const selection& to, std::string_view event, const payload& content) = 0;
  /// Whether this process itself knows all events behind that one.
  [[nodiscard]] virtual bool remembers(const event_position& after) = 0;
  /// All that comes is behind this; what was before is not known.
  virtual void start_over(const event_position& behind) = 0;
  /// No client that is here now is to come back as what it is.
  virtual void forget_ways_back() = 0;
};

/// The port through which a namespace reaches all its sockets, in whatever process they are. One object per namespace;
/// called from any thread; must not block. What it does in this process it does through `local_sockets`.
class adapter {
 public:
  virtual ~adapter() = default;

  virtual void broadcast(const selection& to, std::string_view event, const payload& content, const delivery& how) = 0;
  virtual void ask(const selection& to, std::string_view event, const payload& content,
                   std::chrono::milliseconds timeout, std::shared_ptr<answer_sink> into) = 0;
  virtual void join(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void leave(const selection& who, std::vector<std::string> rooms) = 0;
  virtual void disconnect(const selection& who, bool close_connection) = 0;
  virtual task<std::vector<socket_info>> sockets(selection who) = 0;
  /// To the same namespace of all other processes. No attachments.
  virtual void server_side_emit(std::string_view event, const payload& content) = 0;
  /// The same; the first argument of each other process's answer, a JSON text. Fewer when some did not answer in time.
  virtual task<std::vector<std::string>> server_side_ask(std::string event, payload content,
                                                         std::chrono::milliseconds timeout) = 0;
  [[nodiscard]] virtual runtime::clock& clock() const noexcept = 0;
  /// Null when clients come back to the same process only.
  [[nodiscard]] virtual shared_recovery* recovery() noexcept { return nullptr; }

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
  void ask(const selection& to, std::string_view event, const payload& content, std::chrono::milliseconds timeout,
           std::shared_ptr<answer_sink> into) override;
  void join(const selection& who, std::vector<std::string> rooms) override;
  void leave(const selection& who, std::vector<std::string> rooms) override;
  void disconnect(const selection& who, bool close_connection) override;
  task<std::vector<socket_info>> sockets(selection who) override;
  void server_side_emit(std::string_view, const payload&) override {}
  task<std::vector<std::string>> server_side_ask(std::string, payload, std::chrono::milliseconds) override;
  [[nodiscard]] runtime::clock& clock() const noexcept override { return here_.clock(); }

 private:
  local_sockets& here_;
};

}  // namespace nxg::socketio
