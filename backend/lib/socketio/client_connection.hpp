#pragma once

#include "runtime/random.hpp"
#include "socketio/client.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/io_core.hpp"
#include "socketio/packet.hpp"
#include "socketio/pending_acks.hpp"
#include "socketio/transport.hpp"
#include "socketio/websocket.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The insides of the client. Not for users of the library.
namespace nxg::socketio::detail {

class client_environment_state {
 public:
  client_environment_state(executor where, runtime::clock& time, runtime::random& random);

  [[nodiscard]] const std::shared_ptr<io_core>& io() const noexcept { return io_; }
  [[nodiscard]] runtime::clock& time() const noexcept { return time_; }
  [[nodiscard]] runtime::random& random() const noexcept { return random_; }

 private:
  /// Strong randomness, fetched in blocks: a system call per frame would cost more than the frame.
  std::uint32_t next_mask();

  runtime::clock& time_;
  runtime::random& random_;
  std::shared_ptr<io_core> io_;
  std::array<std::uint32_t, 256> masks_{};
  std::size_t next_ = 256;
};

class client_connection;

/// One namespace on a connection.
class client_namespace final : public client_socket, public std::enable_shared_from_this<client_namespace> {
 public:
  client_namespace(std::string name, const std::shared_ptr<client_connection>& on);

  void on(std::string event, std::function<void(event_args)> handler) override;
  void on_disconnect(std::function<void(std::string_view)> handler) override { left_ = std::move(handler); }
  [[nodiscard]] task<> connect(std::string auth) override;
  void emit(std::string_view event, const payload& content) override;
  [[nodiscard]] task<event_args> emit_with_ack(std::string event, payload content,
                                               std::chrono::milliseconds timeout) override;
  void disconnect() override;
  [[nodiscard]] bool connected() const noexcept override { return connected_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  void send_acknowledgement(std::uint64_t id, const payload& answer) override;

  /// On the connection's core.
  void received(packet what);
  void leave(std::string_view reason);

 private:
  void joined(std::string_view data);
  void refused(std::string_view data);
  void event(packet what);

  std::string name_;
  std::weak_ptr<client_connection> connection_;
  std::shared_ptr<client_environment_state> in_;
  std::unordered_map<std::string, std::function<void(event_args)>> handlers_;
  std::function<void(std::string_view)> left_;
  pending_acks acks_;
  std::uint64_t next_ack_ = 0;
  std::string id_;
  /// Joining waits in the same table as acknowledgements, under an id no packet can carry.
  static constexpr std::uint64_t joining_id = UINT64_MAX;
  bool joining_ = false;
  std::atomic<bool> connected_{false};
};

/// The Engine.IO session of a client, on its WebSocket.
class client_connection final : public transport_handler,
                                private deadline,
                                public std::enable_shared_from_this<client_connection> {
 public:
  client_connection(std::shared_ptr<client_environment_state> in, const client_options& options);
  ~client_connection() override;

  /// Takes over a connection whose handshake is done; `opened` is told when the session is open.
  void begin(boost::asio::ip::tcp::socket socket, std::string surplus, std::shared_ptr<ack_wait> opened);

  [[nodiscard]] std::shared_ptr<client_namespace> of(const std::string& name);
  void send(std::string_view packet_text, const std::vector<std::string>& attachments = {});
  /// Ends it; a lost network says nothing to the other side.
  void close(std::string_view reason, bool say_so);
  void on_close(std::function<void(std::string_view)> handler) { closed_ = std::move(handler); }
  [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::shared_ptr<client_environment_state>& environment() const noexcept { return in_; }
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const noexcept { return options_.connect_timeout; }

  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void ended(const transport_end& end) override;

 private:
  void expired(steady_instant now) override;
  void watch();
  void opened(std::string_view data);
  void decoded(packet_decoder::status status);
  void finish(std::string_view reason);

  std::shared_ptr<client_environment_state> in_;
  client_options options_;
  std::shared_ptr<websocket_connection> socket_;
  std::shared_ptr<ack_wait> opening_;
  packet_decoder decoder_;
  std::unordered_map<std::string, std::shared_ptr<client_namespace>> namespaces_;
  std::function<void(std::string_view)> closed_;
  std::chrono::milliseconds silence_{0};  // how long the server may say nothing
  std::atomic<bool> open_{false};
};

}  // namespace nxg::socketio::detail
