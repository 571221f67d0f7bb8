#pragma once

#include "socketio/io_core.hpp"
#include "socketio/transport.hpp"

#include <memory>
#include <string_view>

namespace nxg::socketio {
class websocket_connection;
}

namespace nxg::socketio::detail {

class session;

/// A WebSocket that is to take over from polling: the client tries it (`2probe`, answered `3probe`), and says when it
/// has changed over (`5`). Anything else, or nothing in time, ends the attempt, and polling goes on.
class upgrade_probe final : public transport_handler,
                            private deadline,
                            public std::enable_shared_from_this<upgrade_probe> {
 public:
  upgrade_probe(const std::shared_ptr<session>& of, std::shared_ptr<io_core> on,
                std::shared_ptr<websocket_connection> with, steady_instant until);
  ~upgrade_probe() override;
  /// The session has ended.
  void give_up();

  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void ended(const transport_end& end) override;

 private:
  void expired(steady_instant now) override;
  void fail(std::string_view why);

  std::weak_ptr<session> session_;
  std::shared_ptr<io_core> core_;
  std::shared_ptr<websocket_connection> connection_;  // gone when it has ended, or is the session's
};

}  // namespace nxg::socketio::detail
