#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "socketio/errors.hpp"
#include "socketio/payload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A Socket.IO client (protocol 5, WebSocket only, no TLS), light enough to be made by the thousand.
namespace nxg::socketio {

struct client_options {
  /// For the TCP connection and the handshakes together.
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t max_payload = 4'000'000;
  /// What may wait while the server does not read; past it the connection is closed.
  std::size_t max_queued_bytes = 4'000'000;
  std::string path = "/socket.io/";
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< of the handshake, e.g. Origin
};

namespace detail {
class client_connection;
class client_environment_state;
}  // namespace detail

/// What the clients of one core share: its loop, one timer, one read buffer. Clients live on that executor (a loop
/// that one thread runs); all of them must be gone before the clock and the random source are.
class client_environment {
 public:
  client_environment(executor where, runtime::clock& time, runtime::random& random);
  ~client_environment();
  client_environment(const client_environment&) = delete;
  client_environment& operator=(const client_environment&) = delete;

 private:
  friend class client;
  std::shared_ptr<detail::client_environment_state> state_;
};

/// One namespace of a client's connection. Handlers are called on the client's executor; `emit`, `emit_with_ack`,
/// `disconnect` may be called from any thread, everything else on that executor.
class client_socket : public acknowledgement_sink {
 public:
  /// Sets what happens on an event; "*" for those without a handler of their own. Set handlers before `connect`, or
  /// events that follow the connection at once may be missed.
  virtual void on(std::string event, std::function<void(event_args)> handler) = 0;
  /// Called once when the namespace was joined and is no longer: "io server disconnect", "io client disconnect",
  /// "transport close", "transport error", "ping timeout", "parse error" (the words of the JavaScript client).
  virtual void on_disconnect(std::function<void(std::string_view reason)> handler) = 0;

  /// Joins. `auth` is a JSON object or empty. Throws `connect_refused`, `disconnected`, or `ack_timeout` when the
  /// server says nothing within the connect time-out. After the namespace was left it may be joined again while the
  /// connection lives.
  [[nodiscard]] virtual task<> connect(std::string auth) = 0;

  virtual void emit(std::string_view event, const payload& content = {}) = 0;
  /// Throws `ack_timeout` or `disconnected`. Resumes the caller on its own executor.
  [[nodiscard]] virtual task<event_args> emit_with_ack(std::string event, payload content,
                                                       std::chrono::milliseconds timeout) = 0;
  /// Leaves the namespace; the connection stays.
  virtual void disconnect() = 0;

  [[nodiscard]] virtual bool connected() const noexcept = 0;
  /// The id the server gave; empty until joined.
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
};

/// A connection to a server. Does not reconnect by itself: whoever simulates a machine wants to decide that.
class client : public std::enable_shared_from_this<client> {
 public:
  struct key;
  explicit client(const key&, std::shared_ptr<detail::client_connection> connection);
  /// Cuts the connection.
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Opens a connection to `http://host:port` (or `ws://`). On the environment's executor. Throws
  /// `boost::system::system_error` (network, or `timed_out`) or `disconnected` (the answer is no Socket.IO server's).
  /// Give options a name first: g++ 12 breaks temporary aggregates inside a `co_await` expression.
  [[nodiscard]] static task<std::shared_ptr<client>> open(client_environment& in, std::string url);
  [[nodiscard]] static task<std::shared_ptr<client>> open(client_environment& in, std::string url,
                                                          const client_options& options);

  /// The socket of a namespace, made when asked for the first time.
  [[nodiscard]] std::shared_ptr<client_socket> of(const std::string& namespace_name);
  /// Called once when the connection has ended, with the reasons of `client_socket::on_disconnect`.
  void on_close(std::function<void(std::string_view reason)> handler);
  /// Ends the connection; `drop` cuts it without a word, as a lost network does.
  void close();
  void drop();
  [[nodiscard]] bool is_open() const noexcept;

 private:
  static task<std::shared_ptr<client>> open_with(client_environment& in, std::string url,
                                                 std::shared_ptr<const client_options> options);
  std::shared_ptr<detail::client_connection> connection_;
};

/// A connection with one joined namespace, for those who need no more; the connection lives as long as `connection`.
struct joined_client {
  std::shared_ptr<client> connection;
  std::shared_ptr<client_socket> socket;
};
[[nodiscard]] task<joined_client> connect(client_environment& in, std::string url, std::string namespace_name,
                                          std::string auth = std::string{});
[[nodiscard]] task<joined_client> connect(client_environment& in, std::string url, std::string namespace_name,
                                          std::string auth, const client_options& options);

}  // namespace nxg::socketio
