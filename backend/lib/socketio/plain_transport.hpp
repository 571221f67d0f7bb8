#pragma once

#include "socketio/io_core.hpp"
#include "socketio/plain_door.hpp"
#include "socketio/plain_frame.hpp"
#include "socketio/transport.hpp"
#include "socketio/websocket.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

/// The insides of plain doors. Not for users of the library.
namespace nxg::socketio::detail {

/// Between a WebSocket with JSON frames and a session that speaks Engine.IO and Socket.IO: translates both ways. On its
/// core only.
class plain_transport final : public transport,
                              public transport_handler,
                              private deadline,
                              public std::enable_shared_from_this<plain_transport> {
 public:
  plain_transport(std::shared_ptr<io_core> on, std::shared_ptr<websocket_connection> over,
                  std::shared_ptr<const plain_door> by, std::size_t max_depth);
  ~plain_transport() override;

  /// Before the connection starts. `auth` (a JSON object) where the client has shown who it is already.
  void begin(std::shared_ptr<transport_handler> to, std::string auth);

  // From the session.
  bool send(const shared_frames& frames, const delivery& how) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void cut() override;
  void set_reading(bool on) override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return connection_->queued_bytes(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return connection_->dropped(); }

  // From the connection.
  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void pong() override;
  void ended(const transport_end& end) override;

 private:
  enum class stage : std::uint8_t { waiting, joining, open, over };

  void expired(steady_instant now) override;
  void join(std::string_view auth);
  void event(const plain::frame& said);
  bool packet(std::string_view packet, const delivery& how);
  bool tell_event(std::string_view arguments, const delivery& how);
  bool tell_answer(std::string_view rest, const delivery& how);
  void refused(std::string_view error);
  void say(std::string_view frame);
  [[nodiscard]] std::uint16_t code_for(std::string_view word, std::uint16_t otherwise) const;
  /// Says goodbye to the client, then to the session.
  void finish(std::uint16_t code, std::string_view reason, close_reason why);

  std::shared_ptr<io_core> core_;
  std::shared_ptr<websocket_connection> connection_;
  std::shared_ptr<const plain_door> door_;
  std::shared_ptr<transport_handler> session_;
  std::unordered_map<std::uint64_t, std::string> unanswered_;
  std::uint64_t last_number_ = 0;
  std::string last_word_;  // an event that says why the end comes
  std::size_t max_depth_;
  stage stage_ = stage::waiting;
  bool wants_reading_ = true;
};

}  // namespace nxg::socketio::detail
