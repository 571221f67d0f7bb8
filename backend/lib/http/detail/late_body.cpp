#include "http/detail/connection.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <utility>

namespace nxg::http::detail {

namespace {
constexpr std::size_t piece_size = 64 * 1024;
/// What a handler left of a body is read over up to here.
constexpr std::size_t small_rest = 64 * 1024;
}  // namespace

/// Thrown by the handler, so the answer has all that answers have; but where the next request would begin is not known.
void connection::late_body::fail(problem why) {
  done = true;
  owner.timed_out_ = false;
  owner.close_after_ = owner.unread_input_ = true;
  throw std::move(why);
}

task<> connection::late_body::begin() {
  begun = true;
  const auto& frame = owner.parser_.frame();
  if (frame.content_length > limit()) fail(too_large(limit()));
  const auto encoding = owner.request_.headers.find("content-encoding");
  if (encoding && !equal_ignoring_case(*encoding, "identity"))
    fail(problem{protocol_error::unsupported_media_type, "Compressed bodies are not taken."});
  if (frame.chunked) {
    chunks.emplace(limit());
  } else {
    left = static_cast<std::size_t>(frame.content_length);
  }
  if (frame.expects_continue && owner.unread().empty()) {
    const bool sent = co_await owner.write_rest("HTTP/1.1 100 Continue\r\n\r\n", {}, 0);
    if (!sent) fail(problem{protocol_error::request_timeout, "The body did not arrive in time."});
    owner.enter_handling();
  }
}

task<std::string_view> connection::late_body::next() {
  piece.clear();
  if (done) co_return std::string_view{};
  if (!begun) co_await begin();
  while (!take_arrived()) co_await wait_for_more();
  received += piece.size();
  co_return std::string_view{piece};
}

bool connection::late_body::take_arrived() {
  if (chunks) {
    const auto outcome = chunks->take(owner.unread().substr(0, piece_size), piece);
    owner.begin_ += chunks->consumed();
    if (outcome == chunked_body::outcome::too_large) fail(too_large(limit()));
    if (outcome == chunked_body::outcome::malformed) {
      ++owner.core_->common->malformed;
      fail(problem{protocol_error::malformed_request, "The chunks of the body are malformed."});
    }
    done = outcome == chunked_body::outcome::complete;
    return done || !piece.empty();
  }
  if (piece.empty()) {
    piece.assign(owner.unread().substr(0, std::min(left, piece_size)));
    owner.begin_ += piece.size();
  }
  left -= piece.size();
  done = left == 0;
  return done || !piece.empty();
}

/// Only the time of this counts against the sender, and none of it against the handler.
task<> connection::late_body::wait_for_more() {
  const auto& options = owner.core_->common->options;
  const auto earned =
      std::chrono::milliseconds{static_cast<std::int64_t>(received * 1'000 / options.slowest_body_bytes_per_second)};
  const auto began = owner.core_->wheel.now();
  owner.enter(phase::delivery, std::max(std::chrono::milliseconds{0}, options.delivery + earned - waited));
  timer_wheel::clear(owner.deadline_);
  std::size_t count = 0;
  bool arrived = false;
  if (chunks) {
    if (owner.begin_ == owner.end_) owner.begin_ = owner.end_ = 0;
    arrived = co_await owner.receive(owner.room(), count);
    owner.end_ += count;
  } else {
    piece.resize(std::min(left, piece_size));
    arrived = co_await owner.receive(boost::asio::buffer(piece), count);
    piece.resize(count);
  }
  const auto now = owner.core_->wheel.now();
  waited += std::chrono::ceil<std::chrono::milliseconds>(now - began);
  if (auto& deadline = owner.request_.deadline) {
    *deadline += now - began;
    owner.core_->wheel.set(owner.deadline_, *deadline);
  }
  if (!arrived) fail(problem{protocol_error::request_timeout, "The body did not arrive in time."});
  owner.enter_handling();
}

task<std::string> connection::late_body::rest() {
  std::string whole;
  for (;;) {
    const auto more = co_await next();
    if (more.empty()) break;
    if (!owner.reserve_body(more.size())) fail(too_much_at_once());
    whole.append(more);
  }
  co_return whole;
}

task<> connection::late_body::finish() {
  owner.request_.source = nullptr;
  // It is over; nothing that waits here may set it again.
  owner.request_.deadline.reset();
  if (done) co_return;
  const auto& frame = owner.parser_.frame();
  const auto to_come = begun ? left : static_cast<std::size_t>(frame.content_length);
  const bool waits_for_us = !begun && frame.expects_continue && owner.unread().empty();
  if (frame.chunked || to_come > small_rest || waits_for_us) {
    owner.close_after_ = owner.unread_input_ = true;
    co_return;
  }
  try {
    while (!done) {
      const auto skipped = co_await next();
      static_cast<void>(skipped);
    }
  } catch (const problem&) {
    // `fail` has seen to the end of the connection.
  }
}

}  // namespace nxg::http::detail
