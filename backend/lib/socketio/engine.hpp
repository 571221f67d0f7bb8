#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "socketio/handshake.hpp"
#include "socketio/http_exchange.hpp"
#include "socketio/packet.hpp"
#include "socketio/payload.hpp"
#include "socketio/reasons.hpp"
#include "socketio/websocket_deflate.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// An Engine.IO server (protocol 4): sessions with a heartbeat that carry messages. Socket.IO runs on top of it.
namespace nxg::socketio {

class io_core;
struct plain_door;
namespace detail {
class engine_state;
}

/// What may wait for one connection whose client does not read. Past either bound coalescable and volatile messages
/// are dropped, oldest first; when that is not enough the connection is closed (`close_reason::slow_client`).
struct send_limits {
  std::size_t max_bytes = 1 << 20;
  std::size_t max_messages = 4096;
};

/// Which pages of other origins may read answers to their requests (CORS).
struct cross_origin {
  /// As browsers write them ("https://gym.example"), or "*" for all.
  std::vector<std::string> origins{"*"};
  /// Whether cookies may come along; "*" then names the page's own origin.
  bool credentials = false;
  /// How long a browser may remember the answer to a preflight; 0: its own default.
  std::chrono::seconds max_age{0};
};

/// A cookie that carries the session's id, by which a load balancer finds the process again. The server itself does
/// not read it.
struct session_cookie {
  std::string name = "io";
  std::string path = "/";
  std::string same_site = "Lax";
  bool http_only = true;
  bool secure = false;
  /// 0: until the browser is closed.
  std::chrono::seconds max_age{0};
};

struct engine_options {
  std::string path = "/socket.io/";
  /// What sessions may begin with.
  bool polling = true;
  bool websocket = true;
  /// Whether a session that began with polling may go on over WebSocket, and how long changing over may take.
  bool upgrades = true;
  std::chrono::milliseconds upgrade_timeout{10'000};
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  /// How long a connection may take to finish closing before it is cut, and a polling client to ask for the last words.
  std::chrono::milliseconds close_timeout{2'000};
  /// Bytes of one message; a larger one closes the connection (WebSocket code 1009). Bytes of one POST; a larger one is
  /// refused (413).
  std::size_t max_payload = 1'000'000;
  send_limits send = {};
  /// Compression of WebSocket messages (permessage-deflate); not offered when not set.
  std::optional<websocket::deflate_options> deflate = {};
  /// Sessions per core; more are refused with 503.
  std::size_t max_sessions = 100'000;
  /// Of them, those of one remote address that nobody vouches for as yet (`engine_session::vouch`); more are refused
  /// with 503. A polling session costs its client no connection, so one client could have them all.
  std::size_t max_strangers_per_address = 1'000;
  /// What of a remote address belongs to one client, for that; not set: all of it.
  std::function<std::string(std::string_view address)> subscriber = {};
  /// Not set: no headers for pages of other origins, whose browsers then keep polling from them.
  std::optional<cross_origin> cors = {};
  std::optional<session_cookie> cookie = {};
  /// Whether a browser page of that origin may connect (see `only_origins`); not set: any. Requests without `Origin`
  /// are not asked about.
  std::function<bool(std::string_view origin)> allow_origin = {};
  /// Looks at the request before anything is made of it; a text refuses it (403 with that message).
  std::function<std::optional<std::string>(const request_info&)> allow_request = {};
};

/// For `engine_options::allow_origin`: exactly these, as browsers write them ("https://gym.example").
[[nodiscard]] std::function<bool(std::string_view origin)> only_origins(std::vector<std::string> origins);

struct engine_statistics {
  std::uint64_t sessions = 0;  ///< now
  std::uint64_t sessions_opened = 0;
  std::uint64_t sessions_upgraded = 0;  ///< from polling to WebSocket
  std::uint64_t handshakes_refused = 0;
  std::uint64_t messages_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_dropped = 0;         ///< volatile and coalesced ones
  std::array<std::uint64_t, 10> closed = {};  ///< by `close_reason`
};

/// One session. It belongs to the core that made it and is used on that core only.
class engine_session {
 public:
  virtual ~engine_session() = default;

  /// Unguessable; says which core it lives on (`core_of`).
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const std::shared_ptr<const request_info>& request() const noexcept = 0;
  [[nodiscard]] virtual std::size_t core() const noexcept = 0;
  /// The loop and the timer of its core.
  [[nodiscard]] virtual const std::shared_ptr<io_core>& shared_io() const noexcept = 0;

  virtual void send_text(std::string_view message) = 0;
  virtual void send_binary(std::string_view message) = 0;
  /// Ready frames of one or more messages, shared with other connections.
  virtual void send(const shared_frames& frames, const delivery& how) = 0;
  /// `send` comes soon: the processor may fetch what it reads.
  virtual void prefetch() const noexcept = 0;

  /// Ends the session: what was sent before still goes out. `closed` of the handler is called before this returns.
  virtual void close(close_reason why) = 0;

  /// Who its client is is known: it is none of `max_strangers_per_address` any more. A Socket.IO server says so when it
  /// has joined a namespace.
  virtual void vouch() = 0;

  /// Counted: reading goes on when every pause was resumed.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const noexcept = 0;
};

/// What an application does with a session; made by the server's `session_handler_factory`, released after `closed`.
class engine_handler {
 public:
  virtual ~engine_handler() = default;
  /// The bytes are gone after the call. Text is valid UTF-8.
  virtual void text(std::string_view message) = 0;
  virtual void binary(std::string_view message) = 0;
  /// The last call; the session sends nothing any more.
  virtual void closed(close_reason why) = 0;
};

using session_handler_factory = std::function<std::shared_ptr<engine_handler>(std::shared_ptr<engine_session>)>;

class engine_server {
 public:
  engine_server(std::vector<executor> cores, runtime::clock& time, runtime::random& random, engine_options options,
                session_handler_factory on_session);
  /// To be destroyed when the loops do not run any more, or after `stop`; sessions still open are cut.
  ~engine_server();
  engine_server(const engine_server&) = delete;
  engine_server& operator=(const engine_server&) = delete;

  /// Takes over a connection; from any thread.
  void accept(upgrade&& request);
  /// The same for a client without Engine.IO; whoever calls it knows by the path which door it is.
  void accept_plain(upgrade&& request, std::shared_ptr<const plain_door> by);
  /// Who answers requests that ask for no upgrade: long-polling.
  [[nodiscard]] std::shared_ptr<http_responder> requests() const;
  /// Closes all sessions and waits until they are gone, at most `wait`; refuses new ones.
  [[nodiscard]] task<> stop(std::chrono::milliseconds wait);
  [[nodiscard]] engine_statistics statistics() const;

 private:
  std::shared_ptr<detail::engine_state> state_;
};

/// The core a session or socket id belongs to; nothing when it is no id of ours.
[[nodiscard]] std::optional<std::size_t> core_of(std::string_view id) noexcept;

}  // namespace nxg::socketio
