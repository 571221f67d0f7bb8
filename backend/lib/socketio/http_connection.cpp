#include "socketio/http_connection.hpp"

#include "socketio/websocket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <utility>

namespace nxg::socketio::detail {

namespace asio = boost::asio;

namespace {

constexpr std::size_t linger_bytes = 256 * 1024;
constexpr std::chrono::milliseconds linger_time{2'000};

/// An IPv4 address is shown as one, also when it came in through IPv6.
asio::ip::address plain(const asio::ip::address& from) {
  if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, from.to_v6());
}

std::string_view reason_of(unsigned status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 503: return "Service Unavailable";
    default: return "Answer";
  }
}

void append_headers(std::string& to, const websocket::header_list& headers) {
  for (const auto& [name, value] : headers) to.append(name).append(": ").append(value).append("\r\n");
}

std::string render(const http_answer& from, bool keeps, bool is_head) {
  std::string out;
  out.reserve(from.body.size() + 256);
  out.append("HTTP/1.1 ").append(std::to_string(from.status)).append(1, ' ');
  out.append(reason_of(from.status)).append("\r\n");
  if (from.status != 204) {
    out.append("Content-Type: ").append(from.content_type);
    out.append("\r\nContent-Length: ").append(std::to_string(from.body.size())).append("\r\n");
  }
  append_headers(out, from.headers);
  if (from.common_headers) append_headers(out, *from.common_headers);
  if (!keeps) out += "Connection: close\r\n";
  out += "\r\n";
  if (!is_head && from.status != 204) out += from.body;
  return out;
}

/// Bytes the socket took, or -1 for a broken connection.
ssize_t write_now(int descriptor, std::string_view bytes) noexcept {
  const auto count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : count;
}

}  // namespace

http_connection::http_connection(std::shared_ptr<http_core> of, asio::ip::tcp::socket socket)
    : core_{std::move(of)}, socket_{std::move(socket)} {
  boost::system::error_code gone;
  const auto peer = socket_.remote_endpoint(gone);
  if (!gone) request_.remote_address = plain(peer.address()).to_string();
  request_.core = core_->index;
  socket_.set_option(asio::ip::tcp::no_delay{true}, gone);
}

http_connection::~http_connection() {
  enter(phase::closed);
  core_->io->deadlines().cancel(*this);
}

void http_connection::start() {
  enter(phase::head);
  limit(core_->house->options.head_timeout);
  read();
}

void http_connection::enter(phase next) {
  if (phase_ == phase::head) --core_->waiting;
  if (next == phase::head) ++core_->waiting;
  phase_ = next;
}

void http_connection::limit(std::chrono::milliseconds time) {
  auto& io = *core_->io;
  io.deadlines().set(*this, io.now() + time);
}

void http_connection::expired(steady_instant) {
  const auto self = shared_from_this();
  if (phase_ == phase::body) return take_body(http_body::outcome::failed);
  close();
}

void http_connection::read() {
  if (reading_ || phase_ == phase::writing || phase_ == phase::closed) return;
  // Its next request came early: while this one waits nothing more is taken, and its end is not seen.
  if (phase_ == phase::asked && !received_.empty()) return;
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                            self->reading_ = false;
                            self->received(error, count);
                          });
}

void http_connection::received(const boost::system::error_code& error, std::size_t count) {
  if (phase_ == phase::closed) return;
  if (error) return read_ended();
  if (phase_ == phase::linger) {
    lingered_ += count;
    return lingered_ < linger_bytes ? read() : close();
  }
  received_.append(buffer_.data(), count);
  if (count == buffer_.size()) read_more();
  go_on();
}

/// What is too much for the buffer of the connection comes through that of the core.
void http_connection::read_more() {
  const auto space = core_->io->scratch();
  const auto enough = phase_ == phase::body ? body_left_ : core_->house->options.max_head;
  while (received_.size() < enough) {
    const auto count = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
    if (count <= 0) return;  // an end or an error shows again in the next read
    received_.append(space.data(), static_cast<std::size_t>(count));
  }
}

void http_connection::read_ended() {
  const auto self = shared_from_this();
  switch (phase_) {
    case phase::head:
    case phase::linger: return close();
    case phase::body: return take_body(http_body::outcome::failed);
    case phase::asked: close(); return core_->house->doors.requests->left(self);
    case phase::writing:  // shows when it has been written
    case phase::closed: return;
  }
}

void http_connection::go_on() {
  if (serving_) return;
  serving_ = true;
  try {
    for (;;) {
      if (phase_ == phase::head && take_head()) {
        begin_request();
      } else if (phase_ == phase::body && received_.size() >= body_left_) {
        take_body();
      } else {
        break;
      }
    }
  } catch (...) {
    close();  // whatever it was, others go on
  }
  serving_ = false;
  read();
}

void http_connection::go_on_later() {
  asio::post(core_->io->get_executor(), [self = shared_from_this()] { self->go_on(); });
}

bool http_connection::take_head() {
  const auto end = received_.find("\r\n\r\n", searched_);
  if (end == std::string::npos) {
    searched_ = received_.size() < 3 ? 0 : received_.size() - 3;
    if (received_.size() > core_->house->options.max_head) close();
    return false;
  }
  searched_ = 0;
  const bool is_good = websocket::parse_head(std::string_view{received_}.substr(0, end + 4), head_);
  received_.erase(0, end + 4);
  core_->io->deadlines().cancel(*this);
  if (is_good && head_.third.starts_with("HTTP/1.")) return true;
  refuse(std::move(socket_), {.status = 400, .body = "not an HTTP/1.1 request"});
  enter(phase::closed);
  return false;
}

void http_connection::begin_request() {
  const auto& doors = core_->house->doors;
  if (!doors.requests || websocket::lists(head_.headers, "upgrade", "websocket")) return hand_over();
  take_lengths();
  // Swapped, so that the next request finds the memory of this one.
  request_.method.swap(head_.first);
  request_.target.swap(head_.second);
  request_.headers.swap(head_.headers);
  enter(phase::asked);
  if (!body_unclear_) return doors.requests->ask(shared_from_this());
  keeps_ = false;
  answered({.status = 411, .body = "a body needs its length"});
}

void http_connection::hand_over() {
  enter(phase::closed);
  core_->house->doors.upgrade({.method = std::move(head_.first),
                               .target = std::move(head_.second),
                               .headers = std::move(head_.headers),
                               .socket = std::move(socket_),
                               .surplus = std::move(received_),
                               .remote_address = std::move(request_.remote_address),
                               .core = core_->index});
}

void http_connection::take_lengths() {
  body_left_ = 0;
  body_unclear_ = expects_continue_ = false;
  keeps_ = head_.third == "HTTP/1.1";
  bool has_length = false;
  for (const auto& [name, value] : head_.headers) {
    if (websocket::same_text(name, "connection")) keeps_ = keeps_ && !websocket::lists({{name, value}}, name, "close");
    if (websocket::same_text(name, "transfer-encoding")) body_unclear_ = true;
    if (websocket::same_text(name, "expect")) expects_continue_ = websocket::same_text(value, "100-continue");
    if (!websocket::same_text(name, "content-length")) continue;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), body_left_);
    if (std::exchange(has_length, true) || error != std::errc{} || end != value.data() + value.size())
      body_unclear_ = true;
  }
}

void http_connection::want_body(std::size_t most) {
  if (phase_ != phase::asked) return;
  if (body_left_ > most) return take_body(http_body::outcome::too_large);
  enter(phase::body);
  if (received_.size() < body_left_) {
    limit(core_->house->options.body_timeout);
    // Should the socket not take it, the client sends its body after a while all the same.
    if (expects_continue_ && received_.empty()) write_now(socket_.native_handle(), "HTTP/1.1 100 Continue\r\n\r\n");
  }
  go_on();
}

void http_connection::take_body(http_body::outcome how) {
  http_body body{.how = how};
  if (how == http_body::outcome::complete) {
    if (received_.size() == body_left_) {
      body.bytes.swap(received_);
    } else {
      body.bytes = received_.substr(0, body_left_);
      received_.erase(0, body_left_);
    }
    body_left_ = 0;
  }
  core_->io->deadlines().cancel(*this);
  enter(phase::asked);
  core_->house->doors.requests->bring(shared_from_this(), std::move(body));
}

void http_connection::answered(http_answer with) {
  if (phase_ != phase::asked) return;  // its client left
  if (body_left_ > 0) keeps_ = false;
  auto bytes = render(with, keeps_, request_.method == "HEAD");
  const auto count = write_now(socket_.native_handle(), bytes);
  if (count < 0) return close();
  if (static_cast<std::size_t>(count) == bytes.size()) return written();
  bytes.erase(0, static_cast<std::size_t>(count));
  write_rest(std::move(bytes));
}

void http_connection::write_rest(std::string bytes) {
  rest_ = std::move(bytes);
  enter(phase::writing);
  limit(core_->house->options.write_timeout);
  asio::async_write(socket_, asio::buffer(rest_),
                    [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                      std::string{}.swap(self->rest_);
                      if (self->phase_ == phase::closed) return;
                      error ? self->close() : self->written();
                    });
}

void http_connection::written() {
  if (!keeps_) return body_left_ > 0 || body_unclear_ ? linger() : close();
  enter(phase::head);
  limit(core_->house->options.idle_timeout);
  if (serving_) return;
  // Posted: whoever answers is often in the middle of something, and a next request would be handled within.
  received_.empty() ? read() : go_on_later();
}

/// Reads over what the client still sends, within bounds, so that it gets the answer before the connection goes.
void http_connection::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return close();
  std::string{}.swap(received_);
  enter(phase::linger);
  limit(linger_time);
  read();
}

void http_connection::close() noexcept {
  enter(phase::closed);
  core_->io->deadlines().cancel(*this);
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace nxg::socketio::detail
