#include "socketio/heartbeat.hpp"

namespace nxg::socketio {

heartbeat::action heartbeat::expired(steady_instant now) noexcept {
  if (now < deadline_) return action::none;
  if (awaits_pong_ && !paused_) return action::time_out;
  awaits_pong_ = true;
  deadline_ = now + (paused_ ? interval_ : timeout_);
  return action::send_ping;
}

void heartbeat::pong(steady_instant now) noexcept {
  // A pong nobody asked for proves that the client lives; it does not put off the next ping.
  if (!awaits_pong_) return;
  awaits_pong_ = false;
  deadline_ = now + interval_;
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
