#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The Engine.IO protocol, version 4: one packet is one digit and what follows. No I/O here.
namespace nxg::socketio {

/// The digits are those on the wire. A binary message has no digit: the transport tells it from text.
enum class engine_packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct engine_packet {
  engine_packet_type type;
  std::string_view data;
};

[[nodiscard]] constexpr char engine_digit(engine_packet_type type) noexcept {
  return static_cast<char>('0' + static_cast<int>(type));
}

/// Nothing when `text` begins with no digit of a packet.
[[nodiscard]] std::optional<engine_packet> decode_engine_packet(std::string_view text) noexcept;

/// What a server tells a client about a new session.
struct engine_open {
  std::string sid;
  std::chrono::milliseconds ping_interval{};
  std::chrono::milliseconds ping_timeout{};
  std::size_t max_payload = 0;
  /// Whether a polling client may change over to WebSocket.
  bool may_upgrade = false;
};

/// The whole open packet.
[[nodiscard]] std::string encode_open(const engine_open& session);
/// Reads the data of an open packet; nothing when it is none.
[[nodiscard]] std::optional<engine_open> decode_open(std::string_view data);

}  // namespace nxg::socketio
