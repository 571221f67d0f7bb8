#include "socketio/websocket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <span>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;
using websocket::frame_reader;
using websocket::opcode;

namespace {

constexpr int reads_in_a_row = 8;  // then others get their turn
constexpr std::size_t max_pieces = 64;

bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

std::string framed(websocket::role us, const io_core& core, opcode kind, std::string_view message) {
  std::string frame;
  frame.reserve(message.size() + 14);
  if (us == websocket::role::client) {
    websocket::append_masked_frame(frame, kind, message, core.mask());
  } else {
    websocket::append_frame(frame, kind, message);
  }
  return frame;
}

shared_frames share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

/// Written straight to the descriptor: no operation object, no second copy. Bytes taken, or -1 for a broken connection.
ssize_t write_now(int descriptor, std::string_view bytes) noexcept {
  const auto count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return count < 0 && would_block(errno) ? 0 : count;
}

ssize_t write_now(int descriptor, std::span<const std::string_view> pieces) noexcept {
  std::array<iovec, max_pieces> vector;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    vector[i] = {.iov_base = const_cast<char*>(pieces[i].data()), .iov_len = pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vector.data();
  message.msg_iovlen = pieces.size();
  const auto count = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  return count < 0 && would_block(errno) ? 0 : count;
}

}  // namespace

websocket_connection::websocket_connection(std::shared_ptr<io_core> on, asio::ip::tcp::socket socket,
                                           websocket::role us, const websocket_options& options)
    : lifetime_{options.lifetime},
      place_{options.place},
      core_{std::move(on)},
      socket_{std::move(socket)},
      reader_{us, options.max_message},
      queue_{options.send},
      close_timeout_{options.close_timeout},
      max_message_{options.max_message},
      us_{us},
      deflate_{options.deflate} {
  if (deflate_) reader_.allow_compression();
}

websocket_connection::~websocket_connection() {
  if (closing_by_) core_->deadlines().cancel(*closing_by_);
}

void websocket_connection::start(std::shared_ptr<transport_handler> handler, std::string greeting,
                                 std::string surplus) {
  handler_ = std::move(handler);
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!greeting.empty()) put(share(std::move(greeting)), {});
  if (!surplus.empty()) {
    reader_.feed(surplus);
    reader_.keep_rest();
  }
  go_on_reading();
}

bool websocket_connection::send(const shared_frames& frames, const delivery& how) {
  if (us_ == websocket::role::server) return put(deflate_ ? core_->compressor().compress(frames) : frames, how);
  std::string masked;
  for (std::string_view rest = *frames; !rest.empty();) {
    const auto [kind, payload] = websocket::take_ready_frame(rest);
    websocket::append_masked_frame(masked, kind, payload, core_->mask());
  }
  return put(share(std::move(masked)), how);
}

void websocket_connection::prefetch() const noexcept {
  __builtin_prefetch(&socket_);
  __builtin_prefetch(&queue_);
  __builtin_prefetch(&state_);
}

bool websocket_connection::send_message(opcode kind, std::string_view message, const delivery& how) {
  return put(share(framed(us_, *core_, kind, message)), how);
}

bool websocket_connection::put(shared_frames frames, const delivery& how) {
  if (state_ != state::open || failing_) return false;
  std::size_t written = 0;
  if (queue_.empty()) {
    const auto count = write_now(socket_.native_handle(), *frames);
    if (count < 0) {
      fail_later(close_reason::transport_close);
      return false;
    }
    written = static_cast<std::size_t>(count);
    if (written == frames->size()) return true;
    if (written == 0 && how.is_volatile) return false;
  }
  switch (queue_.push(std::move(frames), how, written)) {
    case send_queue::verdict::queued: wait_until_writable(); return true;
    case send_queue::verdict::dropped: return false;
    case send_queue::verdict::overflow: give_up_later(); return false;
  }
  return false;
}

void websocket_connection::put_control(opcode kind, std::string_view data) {
  put(share(framed(us_, *core_, kind, data)), {});
}

void websocket_connection::wait_until_writable() {
  if (write_pending_) return;
  write_pending_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->write_pending_ = false;
                       if (!error && self->state_ != state::closed) self->flush();
                     });
}

void websocket_connection::flush() {
  std::array<std::string_view, max_pieces> pieces;
  while (!queue_.empty()) {
    const std::span<const std::string_view> filled{pieces.data(), queue_.gather(pieces)};
    std::size_t wanted = 0;
    for (const auto& piece : filled) wanted += piece.size();
    const auto count = write_now(socket_.native_handle(), filled);
    if (count < 0) return end({.why = close_reason::transport_close, .detail = "writing failed"});
    queue_.consumed(static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < wanted) return wait_until_writable();
  }
  if (state_ == state::closing && peer_closed_) shut();
}

void websocket_connection::read() {
  if (read_pending_ || state_ == state::closed || (state_ == state::open && !wants_reading_)) return;
  read_pending_ = true;
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                            self->read_pending_ = false;
                            self->received(error, count);
                          });
}

void websocket_connection::received(const boost::system::error_code& error, std::size_t count) {
  if (state_ == state::closed) return;
  if (error) {
    if (state_ == state::closing) return shut();
    const bool gone = error == asio::error::eof || error == asio::error::connection_reset;
    return end(
        {.why = gone ? close_reason::transport_close : close_reason::transport_error, .detail = "reading failed"});
  }
  reader_.feed(std::span{buffer_}.first(count));
  process();
  if (count == buffer_.size()) read_more();
  read();
}

void websocket_connection::read_more() {
  const auto space = core_->scratch();
  for (int i = 0; i < reads_in_a_row; ++i) {
    if (state_ == state::closed || (state_ == state::open && !wants_reading_)) return;
    const auto count = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
    if (count <= 0) return;  // an end or an error shows again in the next wait
    reader_.feed(space.first(static_cast<std::size_t>(count)));
    process();
    if (static_cast<std::size_t>(count) < space.size()) return;
  }
}

void websocket_connection::set_reading(bool on) {
  wants_reading_ = on;
  if (on) go_on_reading();
}

void websocket_connection::go_on_reading() {
  // Posted: whoever resumes is often in the middle of handling what was read.
  asio::post(core_->get_executor(), [self = shared_from_this()] {
    if (self->processing_) return;
    self->process();
    self->read();
  });
}

void websocket_connection::process() {
  const auto self = shared_from_this();
  const auto handler = handler_;  // closing drops ours, maybe while it is at work
  processing_ = true;
  while (state_ != state::closed && (wants_reading_ || state_ == state::closing)) {
    const auto event = reader_.next();
    if (!event) break;
    handle(*event);
  }
  processing_ = false;
  reader_.keep_rest();
}

void websocket_connection::handle(const frame_reader::event& event) {
  switch (event.what) {
    case frame_reader::kind::text:
    case frame_reader::kind::binary:
      if (!handler_ || failing_) return;
      return event.compressed ? decompress(event) : message(event);
    case frame_reader::kind::ping: return put_control(opcode::pong, event.data);
    case frame_reader::kind::pong:
      if (handler_ && !failing_) handler_->pong();
      return;
    case frame_reader::kind::close: {
      peer_closed_ = true;
      if (state_ == state::closing) {
        if (queue_.empty()) shut();
        return;
      }
      begin_closing(event.code == websocket::close_code::none ? websocket::close_code::normal : event.code, {});
      return end({.why = close_reason::transport_close, .code = event.code, .detail = event.data});
    }
    case frame_reader::kind::failed: return fail(event.code, event.data);
  }
}

void websocket_connection::message(const frame_reader::event& event) {
  event.what == frame_reader::kind::text ? handler_->text(event.data) : handler_->binary(event.data);
}

void websocket_connection::decompress(const frame_reader::event& event) {
  using outcome = websocket::message_compressor::outcome;
  std::string whole;
  switch (core_->compressor().decompress(event.data, max_message_, whole)) {
    case outcome::too_big: return fail(websocket::close_code::too_big, "a message is too big");
    case outcome::broken: return fail(websocket::close_code::protocol_error, "a message that cannot be decompressed");
    case outcome::complete: break;
  }
  websocket::utf8_checker check;
  if (event.what == frame_reader::kind::text && !(check.feed(whole) && check.complete()))
    return fail(websocket::close_code::invalid_text, "a text message is no UTF-8");
  message({.what = event.what, .data = whole});
}

void websocket_connection::fail(std::uint16_t code, std::string_view why) {
  if (state_ == state::closing) return;
  begin_closing(code, why);
  end({.why = close_reason::transport_error, .code = code, .detail = why});
}

void websocket_connection::close(std::uint16_t code, std::string_view reason) {
  if (state_ != state::open) return;
  handler_.reset();
  begin_closing(code, reason);
}

void websocket_connection::begin_closing(std::uint16_t code, std::string_view reason) {
  state_ = state::closing;
  queue_.push_last(share(framed(us_, *core_, opcode::close, websocket::close_payload(code, reason))));
  closing_by_ = std::make_unique<close_deadline>(*this);
  core_->deadlines().set(*closing_by_, core_->now() + close_timeout_);
  if (!write_pending_) flush();
  if (state_ != state::closed) go_on_reading();  // for the other side's close frame
}

void websocket_connection::end(const transport_end& how) {
  const auto self = shared_from_this();
  const auto handler = std::exchange(handler_, nullptr);
  if (state_ == state::open || how.code == 0) shut();
  if (handler) handler->ended(how);
}

void websocket_connection::fail_later(close_reason why) {
  // Whoever sends may be walking over the very tables that the end of this connection changes.
  failing_ = true;
  asio::post(core_->get_executor(),
             [self = shared_from_this(), why] { self->end({.why = why, .detail = "writing failed"}); });
}

void websocket_connection::give_up_later() {
  failing_ = true;
  asio::post(core_->get_executor(), [self = shared_from_this()] {
    if (self->state_ != state::open) return;
    // Should it read after all, it learns why instead of all it has missed.
    self->queue_.keep_begun();
    self->begin_closing(websocket::close_code::policy, to_string(close_reason::slow_client));
    self->end({.why = close_reason::slow_client, .code = websocket::close_code::policy, .detail = "reads too slowly"});
  });
}

void websocket_connection::cut() {
  handler_.reset();
  shut();
}

void websocket_connection::shut() noexcept {
  if (state_ == state::closed) return;
  state_ = state::closed;
  if (closing_by_) core_->deadlines().cancel(*closing_by_);
  boost::system::error_code ignored;
  socket_.close(ignored);
  place_.reset();
  queue_.clear();
}

void refuse(asio::ip::tcp::socket socket, const websocket::refusal& why) {
  write_now(socket.native_handle(), websocket::refusal_response(why));
  boost::system::error_code ignored;
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  socket.close(ignored);
}

std::shared_ptr<websocket_connection> accept_websocket(std::shared_ptr<io_core> on, upgrade&& request,
                                                       const websocket_options& options,
                                                       std::shared_ptr<transport_handler> handler) {
  if (const auto refused = websocket::check_request(request.method, request.headers)) {
    refuse(std::move(request.socket), *refused);
    return nullptr;
  }
  auto greeting = websocket::switching_response(websocket::find_header(request.headers, "sec-websocket-key"));
  auto with = options;
  with.place = std::move(request.place);
  auto connection =
      std::make_shared<websocket_connection>(std::move(on), std::move(request.socket), websocket::role::server, with);
  connection->start(std::move(handler), std::move(greeting), std::move(request.surplus));
  return connection;
}

}  // namespace nxg::socketio
