#pragma once

#include "runtime/task.hpp"
#include "socketio/adapter.hpp"
#include "socketio/errors.hpp"
#include "socketio/handshake.hpp"
#include "socketio/payload.hpp"
#include "socketio/reasons.hpp"

#include <any>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {

class name_space;
class socket;
namespace detail {
class client_session;
class namespace_sockets;
class namespace_table;
struct way_back;
class pending_acks;
class server_state;
struct room;
}  // namespace detail

/// While one of these lives, the server reads nothing from that connection (of all its namespaces): the client's TCP
/// window fills and it has to wait. The connection's pong deadline is suspended meanwhile. Whoever holds one must
/// give it back in bounded time. May be destroyed on any thread.
class read_pause {
 public:
  read_pause() = default;
  explicit read_pause(std::shared_ptr<detail::client_session> held) noexcept : held_{std::move(held)} {}
  read_pause(read_pause&&) noexcept = default;
  read_pause& operator=(read_pause&& other) noexcept;
  ~read_pause() { release(); }
  void release() noexcept;

 private:
  std::shared_ptr<detail::client_session> held_;
};

/// What came of a broadcast that wanted answers.
struct broadcast_answers {
  std::vector<event_args> answers;
  /// Sockets that did not answer: they went away, or took too long.
  std::size_t missing = 0;
  /// Whether all processes said how many of their sockets were asked.
  bool complete = true;
};

/// Sockets to be told something: built step by step, used at once or kept. Thread-safe to copy and to use.
///     machines.to("branch:7").except(id).emit("machine:status", json);
class broadcast {
 public:
  explicit broadcast(adapter& through) : through_{&through} {}

  /// Adds a room (or a socket id): sockets in any of the rooms are meant, each once.
  [[nodiscard]] broadcast to(std::string room) &&;
  [[nodiscard]] broadcast to(std::string room) const& { return broadcast{*this}.to(std::move(room)); }
  /// Leaves out the sockets of a room (or one socket by its id).
  [[nodiscard]] broadcast except(std::string room) &&;
  [[nodiscard]] broadcast except(std::string room) const& { return broadcast{*this}.except(std::move(room)); }
  /// Dropped for connections for which something already waits.
  [[nodiscard]] broadcast volatile_() &&;
  /// Sockets of this process only.
  [[nodiscard]] broadcast local() &&;
  /// See `delivery::coalesce`.
  [[nodiscard]] broadcast coalesce(std::string key) &&;

  void emit(std::string_view event, const payload& content = {}) const;
  /// Sends and waits for the answers of all, at most so long. Resumes the caller on its own executor.
  [[nodiscard]] task<broadcast_answers> emit_with_ack(std::string event, payload content,
                                                      std::chrono::milliseconds timeout) const;
  void join(std::string room) const;
  void leave(std::string room) const;
  /// Ends these sockets; with `close_connection` also the connections under them.
  void disconnect_sockets(bool close_connection = false) const;
  /// Who they are. Resumes the caller on its own executor.
  [[nodiscard]] task<std::vector<socket_info>> sockets() const;

 private:
  adapter* through_;
  selection who_;
  delivery how_;
};

/// One client in one namespace. It lives on the core that accepted its connection; handlers are called there.
///
/// Unless said otherwise members may be called from any thread and return at once; what one thread asks for happens
/// in that order. After the end of the socket they do nothing.
class socket final : public acknowledgement_sink, public std::enable_shared_from_this<socket> {
 public:
  struct key;  // only the library makes sockets
  socket(const key&, std::shared_ptr<detail::client_session> session, name_space& in,
         std::shared_ptr<const socketio::handshake> from, std::string id, std::any data);
  ~socket() override;
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;

  /// Unguessable, and says on which core the socket lives (`core_of`), unless it has come back (`recovered`).
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const socketio::handshake& handshake() const noexcept { return *handshake_; }
  [[nodiscard]] name_space& of() const noexcept { return namespace_; }
  /// Whether it came back after its connection broke, with nothing missed (`server_options::recovery`).
  [[nodiscard]] bool recovered() const noexcept { return recovered_; }
  [[nodiscard]] bool connected() const noexcept { return connected_.load(std::memory_order_relaxed); }
  /// The index of the core it lives on, and that core's executor.
  [[nodiscard]] std::size_t core() const noexcept;
  [[nodiscard]] executor get_executor() const;

  /// The application's own data, first what the authenticator gave. On the socket's core only.
  [[nodiscard]] std::any& data() noexcept { return data_; }
  /// The same as a `T`; throws `std::bad_any_cast` when it is something else. On the socket's core only.
  template <class T>
  [[nodiscard]] T& data_as() {
    return std::any_cast<T&>(data_);
  }

  void emit(std::string_view event, const payload& content = {}, const delivery& how = {});
  /// Sends and waits for the client's answer, which resumes the caller on its own executor.
  /// Throws `ack_timeout` or `disconnected`; a cancelled caller gets `operation_aborted` at once.
  [[nodiscard]] task<event_args> emit_with_ack(std::string event, payload content, std::chrono::milliseconds timeout);
  void send_acknowledgement(std::uint64_t id, const payload& answer) override;

  void join(std::string room);
  void leave(std::string room);
  /// The rooms it is in, without the one of its own id. On the socket's core only.
  [[nodiscard]] std::vector<std::string> rooms() const;
  /// Everyone in that room but this socket.
  [[nodiscard]] broadcast to(std::string room) const;
  /// Everyone in the namespace but this socket.
  [[nodiscard]] broadcast others() const;

  /// Tells the client to leave the namespace; `close_connection` ends its connection with all its namespaces.
  void disconnect(bool close_connection = false);
  /// See `read_pause`.
  [[nodiscard]] read_pause pause_reading();
  /// Bytes that wait because the client does not read. On the socket's core only.
  [[nodiscard]] std::size_t queued_bytes() const noexcept;

 private:
  friend class detail::client_session;
  friend class detail::namespace_sockets;
  friend class detail::namespace_table;
  /// This socket's place in a room's list of members.
  struct membership {
    detail::room* in;
    std::size_t position;
  };
  template <class Work>
  void on_core(Work work);
  /// On the socket's core.
  [[nodiscard]] detail::pending_acks& pending();

  std::string id_;
  std::shared_ptr<detail::client_session> session_;
  name_space& namespace_;
  std::shared_ptr<const socketio::handshake> handshake_;
  std::any data_;
  std::vector<membership> memberships_;
  std::unique_ptr<detail::pending_acks> acks_;  // made when first needed
  std::uint64_t next_ack_ = 0;
  std::size_t table_position_ = 0;
  std::uint64_t broadcast_mark_ = 0;
  std::unique_ptr<detail::way_back> way_back_;  // null when it cannot come back
  bool recovered_ = false;
  std::atomic<bool> connected_{true};
};

}  // namespace nxg::socketio
