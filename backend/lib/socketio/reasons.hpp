#pragma once

#include <cstdint>
#include <string_view>

namespace nxg::socketio {

/// Why a socket or its connection ended. The texts are those Node's server gives its `disconnect` handlers.
enum class close_reason : std::uint8_t {
  client_namespace_disconnect,  ///< the client left this namespace; its connection may live on
  server_namespace_disconnect,  ///< our `disconnect()`; the official client does not come back by itself
  transport_close,              ///< the client went away
  transport_error,              ///< the network failed, or the client broke the WebSocket protocol
  ping_timeout,                 ///< no pong in time
  parse_error,                  ///< the client sent what no Socket.IO packet may be
  forced_close,                 ///< no namespace joined in time, or a packet for one that was never joined
  forced_server_close,          ///< our `disconnect(true)`
  slow_client,                  ///< the bound of the send queue was reached with nothing left to drop
  server_shutting_down,
};

[[nodiscard]] constexpr std::string_view to_string(close_reason reason) noexcept {
  switch (reason) {
    case close_reason::client_namespace_disconnect: return "client namespace disconnect";
    case close_reason::server_namespace_disconnect: return "server namespace disconnect";
    case close_reason::transport_close: return "transport close";
    case close_reason::transport_error: return "transport error";
    case close_reason::ping_timeout: return "ping timeout";
    case close_reason::parse_error: return "parse error";
    case close_reason::forced_close: return "forced close";
    case close_reason::forced_server_close: return "forced server close";
    case close_reason::slow_client: return "slow client";
    case close_reason::server_shutting_down: return "server shutting down";
  }
  return "unknown";
}

}  // namespace nxg::socketio
