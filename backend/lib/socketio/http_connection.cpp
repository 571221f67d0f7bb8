#include "socketio/http_connection.hpp"

#include "socketio/websocket.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

#include <sys/socket.h>

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

std::string render(const http_answer& from, bool keeps, bool is_head) {
  std::string out = "HTTP/1.1 " + std::to_string(from.status) + ' ';
  out.append(reason_of(from.status)).append("\r\n");
  if (from.status != 204) {
    out.append("Content-Type: ").append(from.content_type);
    out.append("\r\nContent-Length: ").append(std::to_string(from.body.size())).append("\r\n");
  }
  for (const auto& [name, value] : from.headers) out.append(name).append(": ").append(value).append("\r\n");
  if (!keeps) out += "Connection: close\r\n";
  out += "\r\n";
  if (!is_head && from.status != 204) out += from.body;
  return out;
}

}  // namespace

http_connection::http_connection(std::shared_ptr<const http_house> of, std::size_t core, asio::ip::tcp::socket socket,
                                 std::shared_ptr<std::size_t> waiting)
    : house_{std::move(of)},
      core_{core},
      socket_{std::move(socket)},
      waiting_{std::move(waiting)},
      timer_{socket_.get_executor(), house_->time} {
  boost::system::error_code gone;
  const auto peer = socket_.remote_endpoint(gone);
  if (!gone) remote_address_ = plain(peer.address()).to_string();
  socket_.set_option(asio::ip::tcp::no_delay{true}, gone);
}

void http_connection::start() {
  auto run = [](std::shared_ptr<http_connection> one) -> task<> { co_await one->serve(); };
  asio::co_spawn(socket_.get_executor(), run(shared_from_this()),
                 asio::bind_cancellation_slot(cancel_.slot(), [self = shared_from_this()](const std::exception_ptr&) {
                   // Whatever ended it: the connection closes with its last owner.
                 }));
}

void http_connection::limit(std::chrono::milliseconds time) {
  timer_.async_wait(house_->time.steady() + time, [weak = weak_from_this()](bool fired) {
    const auto self = weak.lock();
    boost::system::error_code ignored;
    if (fired && self) self->socket_.cancel(ignored);
  });
}

task<> http_connection::serve() {
  limit(house_->options.head_timeout);
  for (;;) {
    const auto end = co_await read_head();
    if (end == 0) co_return;
    auto head = websocket::parse_head(std::string_view{received_}.substr(0, end));
    received_.erase(0, end);
    timer_.cancel();
    if (!head || !head->third.starts_with("HTTP/1.")) {
      refuse(std::move(socket_), {.status = 400, .body = "not an HTTP/1.1 request"});
      co_return;
    }
    if (websocket::lists(head->headers, "upgrade", "websocket") || !house_->doors.request) {
      house_->doors.upgrade({.method = std::move(head->first),
                             .target = std::move(head->second),
                             .headers = std::move(head->headers),
                             .socket = std::move(socket_),
                             .surplus = std::move(received_),
                             .remote_address = std::move(remote_address_),
                             .core = core_});
      co_return;
    }
    take_lengths(*head);
    const bool goes_on = co_await answer(std::move(*head));
    if (!goes_on) break;
    limit(house_->options.idle_timeout);
  }
  if (body_left_ > 0 || body_unclear_) co_await linger();
}

task<std::size_t> http_connection::read_head() {
  struct counted {
    explicit counted(std::shared_ptr<std::size_t> all) : of{std::move(all)} { ++*of; }
    ~counted() { --*of; }
    std::shared_ptr<std::size_t> of;
  } const among_the_waiting{waiting_};
  std::array<char, 2048> piece;
  std::size_t from = 0;
  for (;;) {
    if (const auto end = received_.find("\r\n\r\n", from); end != std::string::npos) co_return end + 4;
    if (received_.size() > house_->options.max_head) co_return 0;
    from = received_.size() < 3 ? 0 : received_.size() - 3;
    boost::system::error_code error;
    const auto count =
        co_await socket_.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return 0;
    received_.append(piece.data(), count);
  }
}

void http_connection::take_lengths(const websocket::http_head& head) {
  body_left_ = 0;
  body_unclear_ = expects_continue_ = false;
  keeps_ = head.third == "HTTP/1.1";
  bool has_length = false;
  for (const auto& [name, value] : head.headers) {
    if (websocket::same_text(name, "connection")) keeps_ = keeps_ && !websocket::lists({{name, value}}, name, "close");
    if (websocket::same_text(name, "transfer-encoding")) body_unclear_ = true;
    if (websocket::same_text(name, "expect")) expects_continue_ = websocket::same_text(value, "100-continue");
    if (!websocket::same_text(name, "content-length")) continue;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), body_left_);
    if (std::exchange(has_length, true) || error != std::errc{} || end != value.data() + value.size())
      body_unclear_ = true;
  }
}

task<bool> http_connection::answer(websocket::http_head head) {
  const bool is_head = head.first == "HEAD";
  if (body_unclear_) {
    keeps_ = false;
    http_answer no{.status = 411, .body = "a body needs its length"};
    co_return co_await write(std::move(no), is_head);
  }
  const auto request = std::make_shared<http_request>();
  request->method = std::move(head.first);
  request->target = std::move(head.second);
  request->headers = std::move(head.headers);
  request->remote_address = remote_address_;
  request->core = core_;
  if (body_left_ > 0) request->body = [this](std::size_t most) { return read_body(most); };
  if (body_left_ == 0) watch();
  http_answer result = co_await house_->doors.request(request);
  if (std::exchange(watched_, false)) {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  if (body_left_ > 0) keeps_ = false;
  co_return co_await write(std::move(result), is_head);
}

/// A client that goes away while its request waits: the wait is cancelled.
void http_connection::watch() {
  watched_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       char next = 0;
                       if (error || !self->watched_) return;
                       const auto count = ::recv(self->socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
                       if (count > 0) return;  // its next request came early: not watched any more
                       self->cancel_.emit(asio::cancellation_type::terminal);
                     });
}

task<http_body> http_connection::read_body(std::size_t most) {
  http_body body;
  if (body_left_ > most) {
    body.how = http_body::outcome::too_large;
    co_return body;
  }
  limit(house_->options.body_timeout);
  if (expects_continue_ && received_.empty()) {
    boost::system::error_code ignored;
    co_await asio::async_write(socket_, asio::buffer(std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"}),
                               asio::redirect_error(asio::use_awaitable, ignored));
  }
  body.bytes = received_.substr(0, body_left_);
  received_.erase(0, body.bytes.size());
  body_left_ -= body.bytes.size();
  while (body_left_ > 0) {
    // Grows as it comes: who announces much and sends little holds little.
    const auto at = body.bytes.size();
    body.bytes.resize(at + std::min(body_left_, std::max<std::size_t>(at, 16 * 1024)));
    boost::system::error_code error;
    const auto count = co_await socket_.async_read_some(asio::buffer(body.bytes.data() + at, body.bytes.size() - at),
                                                        asio::redirect_error(asio::use_awaitable, error));
    body.bytes.resize(at + count);
    body_left_ -= count;
    if (!error) continue;
    body.how = http_body::outcome::failed;
    break;
  }
  timer_.cancel();
  if (body.how == http_body::outcome::complete) watch();
  co_return body;
}

task<bool> http_connection::write(http_answer with, bool is_head) {
  const auto bytes = render(with, keeps_, is_head);
  limit(house_->options.write_timeout);
  boost::system::error_code error;
  co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
  timer_.cancel();
  if (error) body_left_ = 0;
  co_return !error && keeps_;
}

/// Reads over what the client still sends, within bounds, so that it gets the answer before the connection goes.
task<> http_connection::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  limit(linger_time);
  std::array<char, 4096> piece;
  for (std::size_t read = 0; !error && read < linger_bytes;)
    read += co_await socket_.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
}

}  // namespace nxg::socketio::detail
