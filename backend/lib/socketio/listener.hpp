#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "socketio/handshake.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::socketio {

struct listener_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t max_head = 16 * 1024;
  std::chrono::milliseconds head_timeout{10'000};
  /// Connections per core whose request is not here yet; more are closed at once.
  std::size_t max_waiting = 1'024;
};

/// Accepts connections and reads one request head from each: enough for programs that serve nothing but sockets.
/// A full HTTP server hands over its upgrades itself.
class listener {
 public:
  /// Listens on every core (SO_REUSEPORT). `take` is called on the core of the connection, for every well-formed
  /// request. Throws `boost::system::system_error` when the address cannot be used.
  listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options,
           std::function<void(upgrade&&)> take);
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
