#include "http_client/tests/scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdlib>
#include <sys/socket.h>

namespace nxg::http {

namespace asio = boost::asio;
using asio::ip::tcp;

connection::connection(tcp::socket socket, asio::ssl::context* tls) : socket_{std::move(socket)} {
  if (tls == nullptr) return;
  tls_.emplace(socket_, *tls);
}

bool connection::read_more() {
  std::array<char, 16384> bytes;
  boost::system::error_code error;
  const auto size = tls_ ? tls_->read_some(asio::buffer(bytes), error) : socket_.read_some(asio::buffer(bytes), error);
  if (error) return false;
  buffer_.append(bytes.data(), size);
  return true;
}

std::optional<std::string> connection::read_request() {
  if (tls_ && !SSL_is_init_finished(tls_->native_handle())) {
    boost::system::error_code error;
    tls_->handshake(asio::ssl::stream_base::server, error);
    if (error) return std::nullopt;
  }
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  std::size_t size = end + 4;
  if (const auto length = buffer_.find("Content-Length: "); length < end) {
    size += std::strtoull(buffer_.c_str() + length + 16, nullptr, 10);
  }
  while (buffer_.size() < size) {
    if (!read_more()) return std::nullopt;
  }
  std::string request = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return request;
}

void connection::write(std::string_view bytes) {
  boost::system::error_code gone;  // the client may close as early as it likes
  if (tls_) {
    asio::write(*tls_, asio::buffer(bytes), gone);
  } else {
    asio::write(socket_, asio::buffer(bytes), gone);
  }
}

void connection::wait_for_close() {
  while (read_more()) {
  }
}

void connection::shutdown() { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

scripted_server::scripted_server(script each, asio::ssl::context* tls)
    : acceptor_{context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
      tls_{tls},
      each_{std::move(each)},
      port_{acceptor_.local_endpoint().port()},
      acceptor_thread_{[this] { accept_all(); }} {}

scripted_server::~scripted_server() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    for (const auto& one : connections_) one->shutdown();
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  threads_.clear();
}

void scripted_server::accept_all() {
  for (;;) {
    boost::system::error_code error;
    tcp::socket socket{context_};
    acceptor_.accept(socket, error);
    const std::lock_guard lock{mutex_};
    if (error || stopping_) return;
    ++accepted_;
    auto* one = connections_.emplace_back(std::make_unique<connection>(std::move(socket), tls_)).get();
    threads_.emplace_back([this, one] {
      each_(*one);
      one->shutdown();
    });
  }
}

std::string scripted_server::url(std::string_view path, std::string_view host, std::string_view scheme) const {
  return std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(port_) + std::string{path};
}

scripted_server::script always(std::string answer) {
  return [answer = std::move(answer)](connection& with) {
    while (with.read_request()) with.write(answer);
  };
}

std::string ok(std::string_view body, std::string_view more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{more_headers} +
         "\r\n" + std::string{body};
}

}  // namespace nxg::http
