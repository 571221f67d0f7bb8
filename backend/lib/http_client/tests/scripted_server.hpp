#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace nxg::http {

/// A connection as the server's script sees it; it blocks its own thread.
class connection {
 public:
  connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

  /// Head and body of the next request; nothing when the client has closed.
  std::optional<std::string> read_request();
  void write(std::string_view bytes);
  /// Returns when the client has closed.
  void wait_for_close();
  void shutdown();

 private:
  /// Nothing at the end.
  bool read_more();

  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::string buffer_;
};

/// Listens on a free port of the loopback address and runs a script for each connection, on a thread of its own.
class scripted_server {
 public:
  using script = std::function<void(connection&)>;

  explicit scripted_server(script each, boost::asio::ssl::context* tls = nullptr);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(std::string_view path, std::string_view host = "127.0.0.1",
                                std::string_view scheme = "http") const;
  [[nodiscard]] int accepted() const noexcept { return accepted_; }

 private:
  void accept_all();

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ssl::context* tls_;
  script each_;
  std::uint16_t port_;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<std::unique_ptr<connection>> connections_;
  std::list<std::jthread> threads_;
  std::jthread acceptor_thread_;
};

/// Answers every request on a connection with the same text.
scripted_server::script always(std::string answer);
std::string ok(std::string_view body, std::string_view more_headers = {});

}  // namespace nxg::http
