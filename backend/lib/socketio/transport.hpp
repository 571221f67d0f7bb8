#pragma once

#include "socketio/packet.hpp"
#include "socketio/payload.hpp"
#include "socketio/reasons.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nxg::socketio {

/// How a transport came to its end.
struct transport_end {
  close_reason why;
  std::uint16_t code = 0;        ///< WebSocket close code, ours or the peer's; 0 when there was none
  std::string_view detail = {};  ///< in English, for a log
};

/// Who gets what a transport receives. Text is valid UTF-8; bytes are gone after the call.
class transport_handler {
 public:
  virtual ~transport_handler() = default;
  virtual void text(std::string_view message) = 0;
  virtual void binary(std::string_view message) = 0;
  /// The answer to a ping of WebSocket's own.
  virtual void pong() {}
  /// The peer or the network ended it; not called after our own `close` or `cut`. The last call.
  virtual void ended(const transport_end& end) = 0;
};

/// What carries the messages of one session: WebSocket now, others beside it later. Used on its core only.
class transport {
 public:
  virtual ~transport() = default;
  /// False when the message was dropped (volatile, or the transport is ending).
  virtual bool send(const shared_frames& frames, const delivery& how) = 0;
  /// `send` comes soon: the processor may fetch what it reads.
  virtual void prefetch() const noexcept {}
  /// Ends it after what was sent before.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  /// Ends it at once, without a word.
  virtual void cut() = 0;
  virtual void set_reading(bool on) = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const noexcept = 0;
  /// Messages dropped or replaced while they waited.
  [[nodiscard]] virtual std::uint64_t dropped() const noexcept = 0;
};

}  // namespace nxg::socketio
