#include "socketio/heartbeat.hpp"

#include <algorithm>

namespace nxg::socketio {

namespace {

/// A timer that is so late is taken to be in time: lateness must not add up.
constexpr std::chrono::milliseconds usual_lateness{5};
constexpr std::chrono::milliseconds shortest_answer{2};

}  // namespace

heartbeat::action heartbeat::expired(steady_instant now) noexcept {
  if (now < deadline_) return action::none;
  if (awaits_pong_ && !paused_) return action::time_out;
  awaits_pong_ = true;
  const auto from = now - deadline_ < usual_lateness ? deadline_ : now;
  deadline_ = from + (paused_ ? interval_ : timeout_);
  return action::send_ping;
}

void heartbeat::pong(steady_instant now) noexcept {
  // A pong nobody asked for proves that the client lives; it does not put off the next ping.
  if (!awaits_pong_) return;
  awaits_pong_ = false;
  deadline_ = now + interval_;
}

bool heartbeat::is_hopeless(steady_instant now) const noexcept {
  return awaits_pong_ && !paused_ &&
         deadline_ - now < std::min<std::chrono::nanoseconds>(shortest_answer, timeout_ / 2);
}

void heartbeat::pause(steady_instant now) noexcept {
  if (paused_) return;
  paused_ = true;
  if (awaits_pong_) deadline_ = now + interval_;
}

void heartbeat::resume(steady_instant now) noexcept {
  if (!paused_) return;
  paused_ = false;
  if (awaits_pong_) deadline_ = now + timeout_;
}

}  // namespace nxg::socketio
