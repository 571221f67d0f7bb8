#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "socketio/handshake.hpp"
#include "socketio/http_exchange.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nxg::socketio {

struct listener_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t max_head = 16 * 1024;
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds body_timeout{10'000};
  std::chrono::milliseconds write_timeout{10'000};
  /// Between the requests of one connection.
  std::chrono::milliseconds idle_timeout{75'000};
  /// Connections per core whose request is not here yet; more are closed at once.
  std::size_t max_waiting = 1'024;
};

/// Who gets the requests, each on the core of its connection.
struct http_doors {
  std::function<void(upgrade&&)> upgrade;
  /// What asks for no upgrade. Not set: such requests go through the other door, which refuses them.
  std::shared_ptr<http_responder> requests = {};
};

/// Both doors of a `server` or `engine_server`, which must outlive what they are given to.
template <class Server>
[[nodiscard]] http_doors doors_of(Server& of) {
  return {.upgrade = [&of](upgrade&& request) { of.accept(std::move(request)); }, .requests = of.requests()};
}

/// Accepts connections and speaks as much HTTP/1.1 as Socket.IO clients need: enough for programs that serve nothing
/// but sockets. A full HTTP server hands over its requests and upgrades itself.
class listener {
 public:
  /// Listens on every core (SO_REUSEPORT). Throws `boost::system::system_error` when the address cannot be used.
  listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options, http_doors doors);
  /// For WebSockets only.
  listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options,
           std::function<void(upgrade&&)> take)
      : listener{cores, time, std::move(options), http_doors{.upgrade = std::move(take)}} {}
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Stops accepting; from any thread.
  void close();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::socketio
