#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <cstdint>

namespace nxg::socketio {

/// The server's side of the Engine.IO heartbeat, without clock or timer: it is told the time and says when to ask
/// again.
///
/// A ping is due `interval` after the last pong; a pong must come within `timeout`. While reading is paused no pong can
/// arrive: its deadline is suspended, but pings go on, or the client would take the server for dead.
class heartbeat {
 public:
  enum class action : std::uint8_t { none, send_ping, time_out };

  heartbeat(std::chrono::milliseconds interval, std::chrono::milliseconds timeout, steady_instant now) noexcept
      : deadline_{now + interval}, interval_{interval}, timeout_{timeout} {}

  /// When `expired` is to be called.
  [[nodiscard]] steady_instant deadline() const noexcept { return deadline_; }
  [[nodiscard]] action expired(steady_instant now) noexcept;
  void pong(steady_instant now) noexcept;
  /// Whether a pong is due so soon that nothing fetched now could bring it.
  [[nodiscard]] bool is_hopeless(steady_instant now) const noexcept;
  void pause(steady_instant now) noexcept;
  void resume(steady_instant now) noexcept;

 private:
  steady_instant deadline_;
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds timeout_;
  bool awaits_pong_ = false;
  bool paused_ = false;
};

}  // namespace nxg::socketio
