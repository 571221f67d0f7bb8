#pragma once

#include "socketio/http_exchange.hpp"
#include "socketio/io_core.hpp"
#include "socketio/listener.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::socketio::detail {

/// What the connections of a listener share.
struct http_house {
  listener_options options;
  http_doors doors;
};

/// What those of one core share.
struct http_core {
  std::shared_ptr<const http_house> house;
  std::size_t index;
  std::shared_ptr<io_core> io;
  /// Connections from which a request is awaited.
  std::size_t waiting = 0;
};

/// A connection of a listener: requests are answered in turn until one asks to become a WebSocket, which is handed
/// over. As much of HTTP/1.1 as that takes: no chunked bodies, no pipelining to speak of.
///
/// It reads all the time, also while a request waits for its answer: that is how it sees its client go. Answers are
/// written straight to the socket.
class http_connection final : public http_asker,
                              private deadline,
                              public std::enable_shared_from_this<http_connection> {
 public:
  http_connection(std::shared_ptr<http_core> of, boost::asio::ip::tcp::socket socket);
  ~http_connection() override;
  void start();
  void want_body(std::size_t most) override;

 private:
  enum class phase : std::uint8_t {
    head,     // of the next request
    asked,    // its answer is awaited
    body,     // is awaited
    writing,  // the socket takes no more of the answer
    linger,   // what the client still sends is read over
    closed
  };

  void answered(http_answer with) override;
  void expired(steady_instant now) override;

  void read();
  void received(const boost::system::error_code& error, std::size_t count);
  void read_more();
  void read_ended();
  void go_on();
  void go_on_later();
  [[nodiscard]] bool take_head();
  void hand_over();
  void begin_request();
  void take_lengths();
  void take_body(http_body::outcome how = http_body::outcome::complete);
  void write_rest(std::string bytes);
  void written();
  void linger();
  void close() noexcept;
  void enter(phase next);
  void limit(std::chrono::milliseconds time);

  std::shared_ptr<http_core> core_;
  boost::asio::ip::tcp::socket socket_;
  websocket::http_head head_;
  std::string received_;
  std::string rest_;           // of an answer
  std::size_t searched_ = 0;   // of received_, for the end of a head
  std::size_t body_left_ = 0;  // of the request under way
  std::size_t lingered_ = 0;   // bytes read over
  phase phase_ = phase::closed;
  bool body_unclear_ = false;  // nobody knows where it ends
  bool expects_continue_ = false;
  bool keeps_ = true;
  bool serving_ = false;
  bool reading_ = false;
  std::array<char, 1024> buffer_;
};

}  // namespace nxg::socketio::detail
