#pragma once

#include "http/principal.hpp"
#include "models/role.hpp"
#include "realtime/events.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/accounts/revocations.hpp"
#include "services/accounts/tokens.hpp"
#include "services/telemetry/intake.hpp"
#include "socketio/server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace nxg::realtime {

/// How many messages a machine may send.
struct message_pace {
  double per_second = 20;
  double burst = 100;
};

/// The messages a machine may still send. Local to its connection.
class message_allowance {
 public:
  explicit message_allowance(message_pace pace) : pace_{pace}, left_{pace.burst} {}

  /// Takes one message; how long nothing more should be read, zero while the allowance lasts.
  std::chrono::milliseconds take(steady_instant now);

 private:
  message_pace pace_;
  double left_;
  std::optional<steady_instant> at_;
};

/// How a socket watches a branch.
struct branch_watch {
  int under_way = 0;
  bool granted = false;
};

/// What we know of a socket: its `data`. On the socket's core only.
struct connection {
  explicit connection(message_pace pace = {}) : allowance{pace} {}

  shared_principal who;
  /// Of a member's device: the cursor of the last event it has.
  std::int64_t seen = 0;
  /// Of a machine.
  std::shared_ptr<samples::stream> stream;
  std::int64_t number = 0;
  message_allowance allowance;
  /// By their room.
  std::map<std::string, branch_watch> watches;

  [[nodiscard]] role caller_role() const noexcept { return static_cast<role>(who->role); }
};
using shared_connection = std::shared_ptr<connection>;

[[nodiscard]] connection& connection_of(socketio::socket& socket);

/// The socket asks to watch a branch, perhaps while it watches it or has asked already: it is in the room from here on.
void begin_watch(socketio::socket& socket, const std::string& room);
/// What the client is told. It leaves the room where nothing it asked for was granted.
void settle_watch(socketio::socket& socket, const std::string& room, bool granted);
void end_watch(socketio::socket& socket, const std::string& room);

/// Ends sockets whose token expired or was revoked, and those one principal has too many of. Thread-safe.
class token_watch {
 public:
  /// `where`: a core for the timer. `most_of_one`: sockets of one principal, in all namespaces of this process. All
  /// outlive the threads.
  token_watch(executor where, runtime::clock& time, revocation_list& revocations, std::size_t most_of_one);
  ~token_watch();
  token_watch(const token_watch&) = delete;
  token_watch& operator=(const token_watch&) = delete;

  /// Also with another token of the same principal: it lives as long as that one.
  void watch(const std::shared_ptr<socketio::socket>& socket, const token_principal& who);
  void forget(const std::string& socket_id);
  void stop();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Verifies the token of a handshake or a renewal: `{"token": "…"}`. Throws `api_error` and `schema::invalid`.
task<shared_principal> principal_of(token_service& tokens, std::size_t core, std::string json);

/// `auth:renew`: a new token of the same principal keeps the socket open.
void add_renewal(declared_namespace& to, token_service& tokens, token_watch& watch, telemetry::logger log);

}  // namespace nxg::realtime
