#pragma once

#include "socketio/websocket_frame.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nxg::socketio {

/// A door for clients without Socket.IO: a WebSocket whose messages are JSON frames (`plain_frame.hpp`), in one
/// namespace. Behind it everything is as for any other client: authenticator, handlers, rooms, limits, send queue; only
/// the text on the wire differs, and the heartbeat is WebSocket's own ping and pong.
///
/// The client proves itself by `Authorization: Bearer …`, or by a first frame `auth` whose data is what a Socket.IO
/// client gives as `auth`. With the header, parameters of the query named in `query_in_auth` stand beside `token`. It
/// then hears `connected`, or why not by the close code.
struct plain_door {
  std::string namespace_name;
  /// For the frame `auth`.
  std::chrono::milliseconds auth_timeout{10'000};
  /// Close codes for what a client is refused with (the message of `refused`), and for events of the server's own that
  /// say why a socket is about to be ended: the one said last before `disconnect` counts.
  std::map<std::string, std::uint16_t, std::less<>> close_codes = {};
  /// Integers that may be given in the query: nothing secret.
  std::vector<std::string> query_in_auth = {};
  /// Frames with an id that have no answer yet; at more the connection is closed.
  std::size_t max_unanswered = 256;
};

/// Close codes of a plain door, beside those of WebSocket and those it was given.
namespace plain_close_code {
inline constexpr std::uint16_t unsupported = 1003;  ///< a binary frame
inline constexpr std::uint16_t malformed = 4400;    ///< no JSON frame
inline constexpr std::uint16_t refused = 4401;      ///< not let in, for a reason that has no code of its own
inline constexpr std::uint16_t auth_timeout = 4408;
inline constexpr std::uint16_t ended = 4000;  ///< ended by the server, for a reason that has no code of its own
}  // namespace plain_close_code

}  // namespace nxg::socketio
