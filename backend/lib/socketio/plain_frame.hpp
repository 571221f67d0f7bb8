#pragma once

#include "socketio/payload.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// JSON frames for clients without Socket.IO: `{"event":…,"data":…,"id":…}`, one to a WebSocket message. No I/O here.
namespace nxg::socketio::plain {

inline constexpr std::size_t max_event_length = 64;
inline constexpr std::size_t max_id_length = 64;  ///< of its JSON text

/// A frame of a client. Everything lies in the text it was read from.
struct frame {
  std::string event;
  /// A JSON text; empty when there was none.
  std::string_view data;
  /// The JSON text of a string or number, to be echoed in the answer; empty when none is wanted.
  std::string_view id;
};

/// Nothing when `text` is no frame: not one well-formed object, no event of 1 to 64 bytes, an id that is neither a
/// string nor a number or too long. Members we do not know are ignored.
[[nodiscard]] std::optional<frame> read_frame(std::string_view text, std::size_t max_depth);

/// `{"event":…,"data":…}`
[[nodiscard]] std::string event_frame(std::string_view event, std::string_view data);
/// `{"id":…,"data":…}`: what a frame with that id is answered with.
[[nodiscard]] std::string answer_frame(std::string_view id, std::string_view data);

}  // namespace nxg::socketio::plain
