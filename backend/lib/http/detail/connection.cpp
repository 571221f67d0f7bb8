#include "http/detail/connection.hpp"

#include "http/chunked_body.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include <sys/socket.h>

namespace nxg::http::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t first_buffer = 4 * 1024;
/// Room for a body begins here and doubles as it fills.
constexpr std::size_t first_body_step = 8 * 1024;
constexpr std::size_t kept_body = 64 * 1024;
/// Bodies of requests that are refused anyway are read over up to here, so that the connection can go on.
constexpr std::size_t unwanted_body = 64 * 1024;
constexpr std::size_t mebibyte = 1024 * 1024;
/// An answer up to here is sent in one piece with its head.
constexpr std::size_t joined_content = 16 * 1024;
constexpr std::size_t write_step = 256 * 1024;
constexpr std::size_t kept_output = 64 * 1024;
constexpr int requests_in_a_row = 32;
constexpr std::chrono::milliseconds linger_time{2'000};
/// For the rest of a head, when the server stops.
constexpr std::chrono::milliseconds last_delivery{1'000};
/// Of a large body that is refused at its beginning: who sends without listening first would else lose the answer.
constexpr std::size_t linger_bytes = 64 * 1024 * 1024;

bool is_without_body(int status) noexcept { return status == 204 || status == 304 || status < 200; }

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

}  // namespace

connection::connection(std::shared_ptr<core> home, asio::ip::tcp::socket socket, place mine)
    : core_{std::move(home)},
      place_{std::move(mine)},
      socket_{std::move(socket)},
      buffer_(first_buffer),
      parser_{{core_->common->options.max_head_bytes, core_->common->options.max_header_fields}} {
  error_code ignored;
  const auto remote = socket_.remote_endpoint(ignored);
  peer_ = plain(remote.address());
  peer_text_ = peer_.to_string();
  behind_proxy_ = core_->common->proxies.trusts(peer_);
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  core_->alive.push_back(*this);
}

connection::~connection() {
  core_->body_bytes -= reserved_;
  auto& common = *core_->common;
  if (--common.open == 0) {
    const std::lock_guard lock{common.mutex};
    common.closed.notify_all();
  }
}

void connection::start() {
  const auto self = shared_from_this();
  auto run = [](std::shared_ptr<connection> one) -> task<> { co_await one->serve(); };
  asio::co_spawn(core_->where, run(self), asio::bind_cancellation_slot(cancel_.slot(), [self](std::exception_ptr) {
                   // Whatever ended it: the connection closes with its last owner.
                 }));
}

void connection::drain() {
  close_after_ = true;
  error_code ignored;
  if (phase_ == phase::idle || phase_ == phase::first_byte) socket_.cancel(ignored);
  if (reading_head_) core_->wheel.shorten(timer_, core_->wheel.now() + last_delivery);
}

void connection::cut() {
  close_after_ = true;
  error_code ignored;
  socket_.close(ignored);
  cancel_.emit(asio::cancellation_type::terminal);
}

void connection::request_deadline::arm(steady_instant when) {
  struck = false;
  owner.core_->wheel.set(*this, when);
}

bool connection::request_deadline::disarm() {
  timer_wheel::clear(*this);
  return std::exchange(struck, false);
}

void connection::request_deadline::expired() {
  struck = true;
  owner.cancel_.emit(asio::cancellation_type::terminal);
}

void connection::enter(phase next, std::chrono::milliseconds limit) {
  phase_ = next;
  core_->wheel.set(timer_, core_->wheel.now() + limit);
}

void connection::phase_expired() {
  timed_out_ = true;
  auto& common = *core_->common;
  error_code ignored;
  if (phase_ == phase::handling) {
    // The handler did not even heed its cancellation: the caller is let go, the handler stays until it returns.
    ++common.abandoned;
    socket_.close(ignored);
  } else {
    ++common.timed_out;
    socket_.cancel(ignored);
  }
}

task<> connection::serve() {
  enter(phase::first_byte, core_->common->options.first_byte);
  int in_a_row = 0;
  while (co_await read_head()) {
    if (hand_over()) co_return;
    if (const auto* door = find_door()) {
      const bool goes_on = co_await serve_door(*door);
      if (!goes_on) break;
      continue;
    }
    if (is_read_by_route()) {
      request_.source = &late_.emplace(*this);
    } else if (has_body()) {
      co_await read_body();
    }
    enter_handling();
    response answer;
    bool failed = false;
    try {
      answer = co_await core_->common->routes.answer(request_);
    } catch (...) {
      failed = true;
    }
    // Only a chain without an error boundary lets anything through.
    if (failed) answer = to_response(problem{protocol_error::internal_error, "This did not work."}, request_);
    if (late_) co_await late_->finish();
    if (!co_await send(std::move(answer)) || close_after_) break;
    if (unread().empty()) {
      in_a_row = 0;
    } else if (++in_a_row % requests_in_a_row == 0) {
      // A long pipeline lets the others of this core have their turn.
      co_await asio::post(core_->where, asio::use_awaitable);
    }
  }
  if (unread_input_) co_await linger();
}

bool connection::is_read_by_route() const noexcept {
  return has_body() && !request_.refusal && request_.route != nullptr && request_.route->body != body_form::json;
}

void connection::enter_handling() {
  enter(phase::handling, (request_.route != nullptr ? request_.route->deadline : std::chrono::milliseconds{10'000}) +
                             core_->common->options.overrun);
}

task<bool> connection::read_head() {
  begin_request();
  bool started = false;
  for (;;) {
    if (!unread().empty()) {
      if (!std::exchange(started, true)) begin_head();
      const auto outcome = parser_.parse(unread(), request_);
      if (outcome == head_parser::outcome::complete) break;
      if (outcome == head_parser::outcome::refused) {
        ++core_->common->malformed;
        refuse(parser_.error());
        co_return true;
      }
    } else if (core_->draining) {
      co_return false;
    }
    std::size_t count = 0;
    const bool waits = !started;
    if (waits) core_->idle.push_back(*this);
    // Not through `receive`: this is every request's way, and a coroutine less is felt.
    error_code error;
    count = co_await socket_.async_read_some(room(), asio::redirect_error(asio::use_awaitable, error));
    const bool received = !error && count > 0;
    if (waits) list_place<idle_tag>::unlink();
    if (!received) {
      if (!timed_out_ || !started) co_return false;
      refuse(problem{protocol_error::request_timeout, "The request did not arrive in time."});
      co_return true;
    }
    end_ += count;
  }
  reading_head_ = false;
  begin_ += parser_.size();
  request_.received = core_->wheel.now();
  note_caller();
  if (!parser_.frame().keep_alive) close_after_ = true;
  core_->common->routes.match(request_);
  co_return true;
}

void connection::begin_head() {
  const auto limit = core_->common->options.delivery;
  enter(phase::delivery, core_->draining ? std::min(limit, last_delivery) : limit);
  reading_head_ = true;
}

void connection::begin_request() {
  parser_.reset();
  reading_head_ = false;
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > first_buffer) std::vector<char>(first_buffer).swap(buffer_);
  }
  if (phase_ != phase::first_byte) enter(phase::idle, core_->common->options.idle);
  core_->body_bytes -= std::exchange(reserved_, 0);

  request_.method = verb::get;
  request_.target.clear();
  request_.path.clear();
  request_.query.clear();
  request_.headers.clear();
  if (request_.body.capacity() > kept_body) {
    request_.body = {};
  } else {
    request_.body.clear();
  }
  request_.source = nullptr;
  late_.reset();
  request_.id = {};
  request_.trace = {};
  request_.core = core_->index;
  request_.deadline.reset();
  request_.route = nullptr;
  request_.path_parameters.clear();
  request_.who.reset();
  request_.operation = {};
  request_.reply_headers.clear();
  request_.refusal.reset();
  request_.interrupt = &deadline_;
}

void connection::note_caller() {
  request_.remote_address = behind_proxy_ ? core_->common->proxies.caller(peer_, request_.headers) : peer_text_;
}

/// Answered without a route, and the last of this connection: where its next request would begin is not known.
void connection::refuse(problem why) {
  reading_head_ = false;
  request_.refusal = std::move(why);
  note_caller();
  close_after_ = true;
  unread_input_ = true;
}

asio::mutable_buffer connection::room() {
  if (begin_ > 0 && end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  // One octet more than a head may have shows that it is too large.
  if (end_ == buffer_.size()) buffer_.resize(std::min(buffer_.size() * 2, core_->common->options.max_head_bytes + 1));
  return asio::buffer(buffer_.data() + end_, buffer_.size() - end_);
}

task<bool> connection::receive(asio::mutable_buffer into, std::size_t& count) {
  error_code error;
  count = co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  co_return !error && count > 0;
}

bool connection::hand_over() {
  if (!parser_.frame().asks_for_websocket || unread_input_ || core_->draining) return false;
  if (has_body()) return false;
  auto& doors = core_->common->doors;
  const auto door =
      std::ranges::find_if(doors, [&](const upgrade_door& one) { return request_.path.starts_with(one.path_prefix); });
  if (door == doors.end()) return false;
  timer_wheel::clear(timer_);
  door->take({std::move(request_.target), std::move(request_.headers), std::move(socket_), std::string{unread()},
              std::move(request_.remote_address), core_->index, std::make_shared<place>(std::move(place_))});
  return true;
}

const request_door* connection::find_door() const {
  if (unread_input_) return nullptr;
  const auto& doors = core_->common->request_doors;
  const auto door =
      std::ranges::find_if(doors, [&](const request_door& one) { return request_.path.starts_with(one.path_prefix); });
  return door == doors.end() ? nullptr : &*door;
}

task<bool> connection::serve_door(const request_door& door) {
  request_.refusal.reset();  // the router knows no such path
  enter(phase::handling, door.limit);
  bool body_left = has_body();
  const auto read = [this, &door, &body_left](std::size_t limit) {
    body_left = false;
    return read_door_body(door, limit);
  };
  if (!body_left) watch_peer();
  response answer;
  bool failed = false;
  try {
    answer = co_await door.answer(request_, read);
  } catch (...) {
    failed = true;
  }
  if (std::exchange(watched_, false)) {
    error_code ignored;
    socket_.cancel(ignored);
  }
  if (failed) co_return false;
  if (body_left) close_after_ = unread_input_ = true;
  const bool sent = co_await send(std::move(answer));
  co_return sent && !close_after_;
}

task<door_body> connection::read_door_body(const request_door& door, std::size_t limit) {
  const auto& frame = parser_.frame();
  door_body body;
  if (!has_body()) co_return body;
  if (frame.content_length > limit) {
    close_after_ = unread_input_ = true;
    body.how = door_body::outcome::too_large;
    co_return body;
  }
  bool readable = true;
  if (frame.expects_continue && unread().empty())
    readable = co_await write_rest("HTTP/1.1 100 Continue\r\n\r\n", {}, 0);
  if (readable) {
    const auto pieces = static_cast<int>((limit + mebibyte - 1) / mebibyte);
    enter(phase::delivery, core_->common->options.delivery * std::max(1, pieces));
    if (frame.chunked) {
      co_await read_chunked_body(limit);
    } else {
      co_await read_rest_of_body(static_cast<std::size_t>(frame.content_length));
    }
  }
  if (request_.refusal || !readable) {
    const bool too_large =
        request_.refusal && request_.refusal->status() == status_of(protocol_error::payload_too_large);
    body.how = too_large ? door_body::outcome::too_large : door_body::outcome::failed;
  } else {
    body.octets = std::move(request_.body);
    watch_peer();
  }
  enter(phase::handling, door.limit);
  co_return body;
}

/// A peer that leaves while a door has its request: whoever waits hears of it.
void connection::watch_peer() {
  watched_ = true;
  // A wait that was cancelled may be told only when the next request of a pipeline is watched already.
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this(), turn = ++watch_](error_code error) {
    if (!self->watched_ || turn != self->watch_) return;
    char next = 0;
    // The next request may come early; then nothing more is noticed.
    if (!error && ::recv(self->socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0) return;
    self->close_after_ = true;
    self->cancel_.emit(asio::cancellation_type::terminal);
  });
}

bool connection::reserve_body(std::size_t bytes) {
  if (core_->body_bytes + bytes > core_->common->options.max_body_bytes_in_flight) return false;
  core_->body_bytes += bytes;
  reserved_ += bytes;
  return true;
}

problem connection::too_much_at_once() {
  return problem{protocol_error::busy, "Too much is being received at once."}.with_retry_after(std::chrono::seconds{1});
}

problem connection::too_large(std::size_t limit) {
  return problem{protocol_error::payload_too_large, "The body may have " + std::to_string(limit) + " octets."};
}

bool connection::has_body() const noexcept {
  // After a refused head nobody knows what follows.
  return !unread_input_ && (parser_.frame().chunked || parser_.frame().content_length > 0);
}

task<> connection::read_body() {
  const auto& frame = parser_.frame();
  const bool unwanted = request_.refusal.has_value();
  const auto limit = unwanted || request_.route == nullptr ? unwanted_body : request_.route->body_limit;
  const bool waits_for_us = frame.expects_continue && unread().empty();
  if (frame.content_length > limit || (unwanted && waits_for_us)) {
    refuse(unwanted ? *request_.refusal : too_large(limit));
    co_return;
  }
  if (const auto encoding = request_.headers.find("content-encoding");
      encoding && !equal_ignoring_case(*encoding, "identity")) {
    refuse(problem{protocol_error::unsupported_media_type, "Compressed bodies are not taken."});
    co_return;
  }
  if (waits_for_us && !co_await write_rest("HTTP/1.1 100 Continue\r\n\r\n", {}, 0)) {
    refuse(problem{protocol_error::request_timeout, "The body did not arrive in time."});
    co_return;
  }
  const auto pieces = static_cast<int>((limit + mebibyte - 1) / mebibyte);
  enter(phase::delivery, core_->common->options.delivery * std::max(1, pieces));
  if (frame.chunked) {
    co_await read_chunked_body(limit);
  } else {
    co_await read_rest_of_body(static_cast<std::size_t>(frame.content_length));
  }
  if (unwanted) request_.body.clear();
}

task<> connection::read_rest_of_body(std::size_t length) {
  const auto here = unread().substr(0, length);
  request_.body.assign(here);
  begin_ += here.size();
  while (request_.body.size() < length) {
    // Grows as it comes: who announces a mebibyte and sends a byte a second holds little, and keeps nobody out.
    const auto at = request_.body.size();
    const auto step = std::min(length - at, std::max(first_body_step, at));
    if (!reserve_body(at + step - reserved_)) {
      refuse(too_much_at_once());
      co_return;
    }
    request_.body.resize(at + step);
    std::size_t count = 0;
    const bool received = co_await receive(asio::buffer(request_.body.data() + at, step), count);
    request_.body.resize(at + count);
    if (!received) {
      refuse(problem{protocol_error::request_timeout, "The body did not arrive in time."});
      co_return;
    }
  }
}

task<> connection::read_chunked_body(std::size_t limit) {
  chunked_body chunks{limit};
  for (;;) {
    const auto before = request_.body.size();
    const auto outcome = chunks.take(unread(), request_.body);
    begin_ += chunks.consumed();
    if (!reserve_body(request_.body.size() - before)) {
      refuse(too_much_at_once());
      co_return;
    }
    if (outcome == chunked_body::outcome::complete) co_return;
    if (outcome != chunked_body::outcome::incomplete) {
      ++core_->common->malformed;
      refuse(outcome == chunked_body::outcome::too_large
                 ? too_large(limit)
                 : problem{protocol_error::malformed_request, "The chunks of the body are malformed."});
      co_return;
    }
    if (begin_ == end_) begin_ = end_ = 0;
    std::size_t count = 0;
    if (!co_await receive(room(), count)) {
      refuse(problem{protocol_error::request_timeout, "The body did not arrive in time."});
      co_return;
    }
    end_ += count;
  }
}

std::string_view core::date_field() {
  const auto second = std::chrono::floor<std::chrono::seconds>(common->time.now()).time_since_epoch().count();
  if (second != date_second_) {
    date_second_ = second;
    const auto when = static_cast<std::time_t>(second);
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::array<char, 64> text{};
    const auto size = std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    date_.assign(text.data(), size);
  }
  return date_;
}

void connection::append_head(const response& answer, bool close) {
  if (answer.status == 200) {
    out_ = "HTTP/1.1 200 OK\r\n";
  } else {
    out_ = "HTTP/1.1 ";
    append_number(out_, static_cast<std::size_t>(answer.status));
    out_.append(" ").append(reason_phrase(answer.status)).append("\r\n");
  }
  out_ += core_->date_field();
  out_ += answer.headers.block();
  if (!is_without_body(answer.status)) {
    out_ += "Content-Length: ";
    append_number(out_, answer.stream ? static_cast<std::size_t>(answer.stream->size()) : answer.content().size());
    out_ += "\r\n";
  }
  if (close) {
    out_ += "Connection: close\r\n";
  } else if (parser_.frame().http_1_0) {
    out_ += "Connection: keep-alive\r\n";
  }
  out_ += "\r\n";
}

task<bool> connection::send(response answer) {
  if (answer.close || core_->draining) close_after_ = true;
  append_head(answer, close_after_);
  const bool bare = request_.method == verb::head || is_without_body(answer.status);
  std::string_view content = answer.stream || bare ? std::string_view{} : answer.content();
  if (content.size() <= joined_content) {
    out_ += content;
    content = {};
  }
  error_code error;
  const auto written =
      socket_.write_some(std::array<asio::const_buffer, 2>{asio::buffer(out_), asio::buffer(content)}, error);
  if (error && error != asio::error::would_block) co_return false;
  bool sent = written == out_.size() + content.size();
  if (!sent) sent = co_await write_rest(out_, content, written);
  if (out_.capacity() > kept_output) out_ = {};
  if (sent && answer.stream && !bare) sent = co_await send_stream(*answer.stream);
  co_return sent;
}

task<bool> connection::send_stream(content_source& content) {
  std::string piece;
  for (std::uint64_t left = content.size(); left > 0; left -= piece.size()) {
    // Whoever reads it has time-outs of its own; this one is for those that do not heed them.
    enter(phase::handling, core_->common->options.write + core_->common->options.overrun);
    try {
      auto next = co_await content.next();
      piece = std::move(next);
    } catch (...) {
      co_return false;
    }
    if (piece.empty() || piece.size() > left) co_return false;
    const bool sent = co_await write_rest(piece, {}, 0);
    if (!sent) co_return false;
  }
  co_return true;
}

task<bool> connection::write_rest(std::string_view head, std::string_view content, std::size_t written) {
  const auto total = head.size() + content.size();
  // For the whole, not from one octet to the next: who takes a byte a second is cut off.
  enter(phase::writing, core_->common->options.write * (1 + static_cast<int>((total - written) / write_step)));
  error_code error;
  while (written < total) {
    co_await socket_.async_wait(asio::ip::tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
    if (error || timed_out_) co_return false;
    const auto head_left = head.substr(std::min(written, head.size()));
    const auto content_left = content.substr(written > head.size() ? written - head.size() : 0);
    written += socket_.write_some(
        std::array<asio::const_buffer, 2>{asio::buffer(head_left), asio::buffer(content_left)}, error);
    if (error && error != asio::error::would_block) co_return false;
  }
  co_return true;
}

/// Reads over what the peer still sends, within bounds, so that it gets the answer before the connection goes.
task<> connection::linger() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  timed_out_ = false;
  enter(phase::lingering, linger_time);
  buffer_.resize(first_buffer);
  for (std::size_t read = 0, count = 0; read < linger_bytes && !timed_out_; read += count) {
    if (!co_await receive(asio::buffer(buffer_), count)) break;
  }
}

}  // namespace nxg::http::detail
