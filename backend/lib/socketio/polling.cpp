#include "socketio/polling.hpp"

#include "socketio/engine_packet.hpp"
#include "socketio/polling_payload.hpp"
#include "socketio/websocket_frame.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <span>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;

namespace {

constexpr std::string_view close_packet = "1";
constexpr std::string_view noop_packet = "6";
/// How often a client that is switching over gets its GET back.
constexpr std::chrono::milliseconds probe_pace{100};

http_answer ok() { return {.body = "ok", .content_type = "text/html"}; }
http_answer bad_request() {
  return {.status = 400, .body = R"({"code":3,"message":"Bad request"})", .content_type = "application/json"};
}

bool is_utf8(std::string_view text) noexcept {
  websocket::utf8_checker check;
  return check.feed(text) && check.complete();
}

}  // namespace

polling_transport::polling_transport(std::shared_ptr<io_core> on, const send_limits& limits,
                                     std::shared_ptr<void> lifetime)
    : lifetime_{std::move(lifetime)}, core_{std::move(on)}, queue_{limits} {}

polling_transport::~polling_transport() { core_->deadlines().cancel(*this); }

void polling_transport::poll(std::shared_ptr<http_exchange> one) {
  if (!open_ || poll_) {
    one->answer(bad_request());
    if (open_) fail(close_reason::transport_error, "two requests wait for messages at once");
    return;
  }
  poll_ = std::move(one);
  if (!queue_.empty()) return flush();
  if (probed_) core_->deadlines().set(*this, core_->now() + probe_pace);
}

void polling_transport::gone(const http_exchange* one) {
  if (one == nullptr || (one != poll_.get() && one != post_.get())) return;
  (one == poll_.get() ? poll_ : post_).reset();
  fail(close_reason::transport_error, "the client left a request");
}

bool polling_transport::begin_post() {
  if (!open_) return false;
  if (receives()) {
    fail(close_reason::transport_error, "two requests bring messages at once");
    return false;
  }
  return receiving_ = true;
}

void polling_transport::post_failed(bool too_large) {
  receiving_ = false;
  if (!too_large) fail(close_reason::transport_error, "messages did not come whole");
}

void polling_transport::post(std::shared_ptr<http_exchange> one, std::string payload) {
  receiving_ = false;
  if (!open_) return one->answer(bad_request());
  post_ = std::move(one);
  if (!is_utf8(payload)) {
    answer_post(bad_request());
    return fail(close_reason::parse_error, "a payload that is no text");
  }
  received_ = std::move(payload);
  taken_ = 0;
  process();
}

void polling_transport::process() {
  if (processing_) return;
  const auto self = shared_from_this();
  const auto handler = handler_;  // ending drops ours, maybe while it is at work
  processing_ = true;
  while (open_ && reading_ && post_ && taken_ <= received_.size()) {
    if (!take_packet(take_polling_packet(received_, taken_))) break;
  }
  processing_ = false;
  if (open_ && (!reading_ || !post_)) return;
  std::string{}.swap(received_);
  taken_ = 0;
  answer_post(ok());
}

bool polling_transport::take_packet(std::string_view packet) {
  if (packet.starts_with('b')) {
    if (const auto bytes = decode_base64(packet.substr(1))) {
      handler_->binary(*bytes);
      return true;
    }
  } else if (packet == close_packet) {
    answer_poll(std::string{noop_packet});
    fail(close_reason::transport_close, "the client said so");
    return false;
  } else if (decode_engine_packet(packet)) {
    handler_->text(packet);
    return true;
  }
  answer_post(bad_request());
  fail(close_reason::parse_error, "a packet of no known type");
  return false;
}

bool polling_transport::send(const shared_frames& frames, const delivery& how) {
  if (!open_ || failing_) return false;
  if (how.is_volatile && !poll_) return false;
  switch (queue_.push(frames, how)) {
    case send_queue::verdict::queued: flush_soon(); return true;
    case send_queue::verdict::dropped: return false;
    case send_queue::verdict::overflow: fail_later(close_reason::slow_client); return false;
  }
  return false;
}

/// What one turn of the loop sends shares an answer.
void polling_transport::flush_soon() {
  if (!poll_ || flushing_) return;
  flushing_ = true;
  asio::post(core_->get_executor(), [self = shared_from_this()] {
    self->flushing_ = false;
    self->flush();
  });
}

void polling_transport::flush() {
  if (poll_ && !queue_.empty()) answer_poll(take_payload());
}

std::string polling_transport::take_payload() {
  std::string payload;
  std::array<std::string_view, 64> pieces;
  while (!queue_.empty()) {
    std::size_t taken = 0;
    for (const auto& frames : std::span{pieces}.first(queue_.gather(pieces))) {
      append_polling_packets(payload, frames);
      taken += frames.size();
    }
    queue_.consumed(taken);
  }
  return payload;
}

void polling_transport::answer_poll(std::string payload) {
  core_->deadlines().cancel(*this);
  if (const auto one = std::exchange(poll_, nullptr)) one->answer({.body = std::move(payload)});
}

void polling_transport::answer_post(http_answer with) {
  if (const auto one = std::exchange(post_, nullptr)) one->answer(std::move(with));
}

void polling_transport::close(std::uint16_t, std::string_view) {
  if (!open_) return;
  auto last = take_payload();
  append_polling_packet(last, close_packet);
  if (poll_) {
    answer_poll(std::move(last));
  } else {
    farewell_ = std::move(last);
  }
  end();
}

void polling_transport::cut() {
  if (!open_) return;
  answer_poll(std::string{close_packet});
  end();
}

void polling_transport::end() {
  open_ = false;
  core_->deadlines().cancel(*this);
  queue_.clear();
  handler_.reset();
  if (!processing_) answer_post(ok());
}

void polling_transport::fail(close_reason why, std::string_view detail) {
  if (!open_) return;
  const auto self = shared_from_this();
  const auto handler = handler_;
  cut();
  if (handler) handler->ended({.why = why, .detail = detail});
}

void polling_transport::fail_later(close_reason why) {
  // Whoever sends may be walking over the very tables that the end of this session changes.
  failing_ = true;
  asio::post(core_->get_executor(), [self = shared_from_this(), why] { self->fail(why, "the client does not read"); });
}

void polling_transport::set_reading(bool on) {
  reading_ = on;
  // Posted: whoever resumes is often in the middle of handling what was received.
  if (on && post_) asio::post(core_->get_executor(), [self = shared_from_this()] { self->process(); });
}

void polling_transport::set_probed(bool on) {
  probed_ = on;
  if (on && poll_) answer_poll(std::string{noop_packet});
  if (!on) core_->deadlines().cancel(*this);
}

void polling_transport::expired(steady_instant) {
  if (poll_) answer_poll(std::string{noop_packet});
}

std::string polling_transport::retire() {
  std::string frames;
  std::array<std::string_view, 64> pieces;
  while (!queue_.empty()) {
    const auto before = frames.size();
    for (const auto& some : std::span{pieces}.first(queue_.gather(pieces))) frames += some;
    queue_.consumed(frames.size() - before);
  }
  if (poll_) answer_poll(std::string{noop_packet});
  end();
  return frames;
}

}  // namespace nxg::socketio
