#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "socketio/adapter.hpp"
#include "socketio/engine.hpp"
#include "socketio/handshake.hpp"
#include "socketio/packet.hpp"
#include "socketio/payload.hpp"
#include "socketio/plain_door.hpp"
#include "socketio/reasons.hpp"
#include "socketio/recovery_options.hpp"
#include "socketio/socket.hpp"

#include <any>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// A Socket.IO server (protocol 5 on Engine.IO 4). `README.md` beside this file has an example.
namespace nxg::socketio {

/// Lets a client in: the socket starts with this data, in these rooms.
struct accepted {
  std::any data = {};
  std::vector<std::string> rooms = {};
};
/// Keeps a client out: it gets a `connect_error` whose `message` and (when not empty, a JSON text) `data` are these.
struct refused {
  std::string message;
  std::string data = {};
};
using authentication = std::variant<accepted, refused>;

using authenticator = std::function<task<authentication>(std::shared_ptr<const handshake>)>;
/// Looks at who wants to come in, before the authenticator; refuses, or lets the next one look.
using middleware = std::function<task<std::optional<refused>>(std::shared_ptr<const handshake>)>;
using connect_handler = std::function<void(std::shared_ptr<socket>)>;
using disconnect_handler = std::function<void(std::shared_ptr<socket>, close_reason)>;
using event_handler = std::function<task<>(std::shared_ptr<socket>, event_args)>;
using plain_event_handler = std::function<void(const std::shared_ptr<socket>&, event_args)>;
/// False when it did not take the event.
using first_look = std::function<bool(const std::shared_ptr<socket>&, std::string_view text, acknowledgement& reply)>;

/// A namespace and what happens in it. Handlers are set before the first client comes and never after; they run on the
/// core of the socket they are about. What they throw goes to `server_options::on_error` and ends nothing.
class name_space {
 public:
  name_space(std::string name, std::size_t index, detail::server_state& of);
  ~name_space();
  name_space(const name_space&) = delete;
  name_space& operator=(const name_space&) = delete;

  [[nodiscard]] const std::string& name() const noexcept;

  /// Who may come in; everyone, when not set. It has `authenticate_timeout`, then it is cancelled and the client
  /// refused; one that throws refuses too ("authentication failed"; what it threw goes to `on_error`).
  name_space& authenticate(authenticator who);
  /// Asked before the authenticator, in the order they were given; within the same time.
  name_space& use(middleware each);
  /// Called when a client has come in, before its first event.
  name_space& on_connect(connect_handler then);
  /// Called once for every socket that came in; its rooms are already left, its data still there.
  name_space& on_disconnect(disconnect_handler then);

  /// Events of one name, or of all names that have no handler of their own when `event` is "*".
  ///
  /// A coroutine is started for each event, in the order of arrival; the next event does not wait for it. When
  /// `max_events_in_flight` of one connection are unfinished, no more is read from it until one ends. A function that
  /// returns nothing is called in place and costs no coroutine.
  template <class Handler>
  name_space& on(std::string event, Handler handler) {
    if constexpr (std::is_void_v<std::invoke_result_t<Handler&, std::shared_ptr<socket>, event_args>>) {
      return on_plain(std::move(event), std::move(handler));
    } else {
      return on_coroutine(std::move(event), std::move(handler));
    }
  }

  /// Sees an event before its argument is checked, for those who check their messages themselves while reading them:
  /// one pass instead of two. `text` is UTF-8 of which nothing else is known. It may take only what is, whole, one JSON
  /// value; with all else it leaves the event to the handler of `on`, which must be set too. Called in place.
  name_space& at_first_look(std::string_view event, first_look handler);

  /// What other processes say to this one (`server_side_emit`); on the first core.
  name_space& on_server_event(std::string event, std::function<void(event_args)> then);
  /// What other processes may see of a socket's data: a JSON text. On the socket's core.
  name_space& show_data(std::function<std::string(const std::any&)> as_json);
  /// How a socket's data travels when its client comes back at another process; on the socket's core. Without it such a
  /// client comes back only when it has no data.
  name_space& carry_data(std::function<std::string(const std::any&)> to_text,
                         std::function<std::any(std::string_view)> from_text);

  /// Tells the same namespace of all other processes (none, without an adapter). No attachments.
  void server_side_emit(std::string_view event, const payload& content = {}) const;
  /// The same; the first argument of each one's answer, a JSON text. Fewer when some did not answer in time.
  [[nodiscard]] task<std::vector<std::string>> server_side_emit_with_ack(std::string event, payload content,
                                                                         std::chrono::milliseconds timeout) const;

  /// All sockets of the namespace, as a start: `.to(room)`, `.except(room)`, `.emit(…)`. From any thread.
  [[nodiscard]] broadcast all() const;
  [[nodiscard]] broadcast to(std::string room) const { return all().to(std::move(room)); }
  [[nodiscard]] broadcast except(std::string room) const { return all().except(std::move(room)); }
  void emit(std::string_view event, const payload& content = {}) const { all().emit(event, content); }
  void disconnect_sockets(bool close_connection = false) const { all().disconnect_sockets(close_connection); }
  /// Sockets in this process now. From any thread.
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  friend class detail::client_session;
  friend class detail::namespace_sockets;
  friend class detail::server_state;
  friend class socket;
  struct state;
  name_space& on_plain(std::string event, plain_event_handler handler);
  name_space& on_coroutine(std::string event, event_handler handler);

  std::unique_ptr<state> state_;
};

/// What an application's handler threw.
struct handler_failure {
  std::string_view namespace_name;
  std::string_view handler;  ///< "authenticate", "connect", "disconnect", or the event's name
  std::exception_ptr error;
};

struct server_options {
  /// Transport, heartbeat, limits. `path` is "/socket.io/" unless changed.
  engine_options engine = {};
  packet_limits packets = {};
  /// A connection that joined no namespace by then is closed.
  std::chrono::milliseconds connect_timeout{45'000};
  std::chrono::milliseconds authenticate_timeout{10'000};
  /// Coroutine handlers of one connection that run at the same time; at this number reading pauses.
  std::size_t max_events_in_flight = 64;
  /// Namespaces one connection may be in (or be joining) at a time.
  std::size_t max_namespaces = 16;
  /// Namespaces that clients may bring about by names that match a pattern (`server::namespaces`).
  std::size_t max_pattern_namespaces = 1'024;
  /// Off when not set, and then there is no trace of it on the wire. While it is on, every event to sockets that is
  /// neither volatile nor coalesced nor wants an answer is numbered and remembered, and emitting costs one message to
  /// each core. Clients come back to this process, or to any, when the adapter can do that
  /// (`redis_adapter_options::commands`).
  std::optional<recovery_options> recovery = {};
  /// What handlers throw; on the core where it happened. Not set: it is dropped.
  std::function<void(const handler_failure&)> on_error = {};
  /// In-process when not set.
  adapter_factory adapter = {};
};

/// Figures of the process since it began, and of now; read without stopping anything.
struct server_statistics {
  engine_statistics engine;
  std::uint64_t sockets = 0;  ///< now
  std::uint64_t events_received = 0;
  std::uint64_t acks_received = 0;
  std::uint64_t connects_refused = 0;
};

class server {
 public:
  /// `cores` are the executors of single-threaded loops; a session lives on the one that accepted it. Clock and random
  /// source must outlive the server; its sockets may outlive it.
  server(std::vector<executor> cores, runtime::clock& time, runtime::random& random, server_options options = {});
  /// To be destroyed when the loops do not run any more, or after `stop`; connections still open are cut, and no
  /// handler is called for them.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Declares a namespace ("/" is the default one) or finds it again. All are declared before the first `accept`.
  name_space& namespace_(std::string name);

  /// Declares namespaces by pattern: the first client that asks for a name that `matches` (called from any core) brings
  /// that namespace about, with the handlers set on the one returned, which itself has no sockets.
  name_space& namespaces(std::function<bool(std::string_view name)> matches);

  /// Takes over a connection; from any thread. What is no proper handshake is answered with its HTTP error and closed.
  void accept(upgrade&& request);
  /// Takes over a connection of a client without Socket.IO; from any thread.
  void accept_plain(upgrade&& request, std::shared_ptr<const plain_door> by);
  /// Who answers requests that ask for no upgrade: long-polling.
  [[nodiscard]] std::shared_ptr<http_responder> requests() const;

  /// Closes every connection so that clients come back (elsewhere), and waits until they are gone, at most `wait`.
  /// New connections are refused with 503 from now on.
  [[nodiscard]] task<> stop(std::chrono::milliseconds wait);

  [[nodiscard]] server_statistics statistics() const;

 private:
  std::shared_ptr<detail::server_state> state_;
  std::unique_ptr<engine_server> engine_;
};

}  // namespace nxg::socketio
