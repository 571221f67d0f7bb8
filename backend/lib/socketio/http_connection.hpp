#pragma once

#include "runtime/clock.hpp"
#include "runtime/timer.hpp"
#include "socketio/handshake.hpp"
#include "socketio/http_exchange.hpp"
#include "socketio/listener.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::socketio::detail {

/// What the connections of a listener share.
struct http_house {
  runtime::clock& time;
  listener_options options;
  http_doors doors;
};

/// A connection of a listener: requests are answered in turn until one asks to become a WebSocket, which is handed
/// over. As much of HTTP/1.1 as that takes: no chunked bodies, no pipelining to speak of.
class http_connection final : public std::enable_shared_from_this<http_connection> {
 public:
  /// `waiting` counts the connections of that core from which a request is awaited.
  http_connection(std::shared_ptr<const http_house> of, std::size_t core, boost::asio::ip::tcp::socket socket,
                  std::shared_ptr<std::size_t> waiting);
  void start();

 private:
  task<> serve();
  /// The length of the next head, 0 when it does not come whole in time.
  task<std::size_t> read_head();
  task<http_body> read_body(std::size_t limit);
  task<bool> answer(websocket::http_head head);
  task<bool> write(http_answer with, bool is_head);
  task<> linger();
  void take_lengths(const websocket::http_head& head);
  void watch();
  void limit(std::chrono::milliseconds time);

  std::shared_ptr<const http_house> house_;
  std::size_t core_;
  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<std::size_t> waiting_;
  runtime::timer timer_;
  boost::asio::cancellation_signal cancel_;
  std::string remote_address_;
  std::string received_;
  std::size_t body_left_ = 0;  // of the request under way
  bool body_unclear_ = false;  // nobody knows where it ends
  bool expects_continue_ = false;
  bool keeps_ = true;
  bool watched_ = false;
};

}  // namespace nxg::socketio::detail
