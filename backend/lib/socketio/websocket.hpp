#pragma once

#include "socketio/engine.hpp"
#include "socketio/handshake.hpp"
#include "socketio/io_core.hpp"
#include "socketio/send_queue.hpp"
#include "socketio/transport.hpp"
#include "socketio/websocket_frame.hpp"
#include "socketio/websocket_handshake.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::socketio {

struct websocket_options {
  std::size_t max_message = 1'000'000;
  send_limits send = {};
  std::chrono::milliseconds close_timeout{2'000};
  /// permessage-deflate was agreed on; servers only.
  bool deflate = false;
  /// Held as long as the connection exists.
  std::shared_ptr<void> lifetime = {};
  /// Held until its socket is closed.
  std::shared_ptr<void> place = {};
};

/// A WebSocket connection, either end. Used on its core only; also what a plain WebSocket door is built on.
///
/// It answers pings and close frames by itself. Messages are written straight to the socket; only what the socket does
/// not take is queued, and queued messages share gathered writes. Idle it holds no buffer but a few hundred bytes.
class websocket_connection final : public transport, public std::enable_shared_from_this<websocket_connection> {
 public:
  /// `socket` is connected and its handshake is done or about to be, by `greeting`.
  websocket_connection(std::shared_ptr<io_core> on, boost::asio::ip::tcp::socket socket, websocket::role us,
                       const websocket_options& options);
  ~websocket_connection() override;

  /// Writes `greeting` (the HTTP answer and whatever may follow it at once), takes `surplus` as the first bytes
  /// received, and begins to read. The handler is kept until the connection has ended.
  void start(std::shared_ptr<transport_handler> handler, std::string greeting, std::string surplus);

  /// What comes from now on goes to somebody else.
  void hand_to(std::shared_ptr<transport_handler> handler) { handler_ = std::move(handler); }

  bool send(const shared_frames& frames, const delivery& how) override;
  void prefetch() const noexcept override;
  /// One message, framed here (and masked when we are the client).
  bool send_message(websocket::opcode kind, std::string_view message, const delivery& how = {});
  void close(std::uint16_t code, std::string_view reason) override;
  void cut() override;
  void set_reading(bool on) override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return queue_.bytes(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return queue_.dropped(); }

 private:
  enum class state : std::uint8_t { open, closing, closed };

  void read();
  void received(const boost::system::error_code& error, std::size_t count);
  void read_more();
  void go_on_reading();
  void process();
  void handle(const websocket::frame_reader::event& event);
  void message(const websocket::frame_reader::event& event);
  void decompress(const websocket::frame_reader::event& event);
  void fail(std::uint16_t code, std::string_view why);
  bool put(shared_frames frames, const delivery& how);
  void put_control(websocket::opcode kind, std::string_view data);
  void wait_until_writable();
  void flush();
  void begin_closing(std::uint16_t code, std::string_view reason);
  void end(const transport_end& how);
  void fail_later(close_reason why);
  void give_up_later();
  void shut() noexcept;

  /// Cuts a connection that does not finish closing.
  struct close_deadline final : deadline {
    explicit close_deadline(websocket_connection& of) : connection{of} {}
    void expired(steady_instant) override { connection.cut(); }
    websocket_connection& connection;
  };

  std::shared_ptr<void> lifetime_;
  std::shared_ptr<void> place_;
  std::shared_ptr<io_core> core_;
  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<transport_handler> handler_;
  websocket::frame_reader reader_;
  send_queue queue_;
  std::unique_ptr<close_deadline> closing_by_;
  std::chrono::milliseconds close_timeout_;
  std::size_t max_message_;
  websocket::role us_;
  state state_ = state::open;
  bool wants_reading_ = true;
  bool read_pending_ = false;
  bool write_pending_ = false;
  bool processing_ = false;
  bool peer_closed_ = false;
  bool failing_ = false;
  bool deflate_;
  std::array<char, 512> buffer_;
};

/// Answers an upgrade request with an HTTP error and closes its connection.
void refuse(boost::asio::ip::tcp::socket socket, const websocket::refusal& why);

/// Accepts a plain WebSocket: checks the handshake, answers it, starts. Nothing when it was refused. On the core.
[[nodiscard]] std::shared_ptr<websocket_connection> accept_websocket(std::shared_ptr<io_core> on, upgrade&& request,
                                                                     const websocket_options& options,
                                                                     std::shared_ptr<transport_handler> handler);

}  // namespace nxg::socketio
