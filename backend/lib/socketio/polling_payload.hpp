#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Payloads of HTTP long-polling: packets with a separator between them; a binary message is `b` and its base64.
/// No I/O here.
namespace nxg::socketio {

inline constexpr char packet_separator = '\x1e';

/// Appends the packets that ready server frames hold.
void append_polling_packets(std::string& payload, std::string_view frames);
/// Appends one packet that is text already.
void append_polling_packet(std::string& payload, std::string_view packet);

/// The packet at `at`, which moves behind it and its separator; when it is past the size of the payload, that was all.
/// There is one packet more than separators; empty ones are for the caller to refuse.
[[nodiscard]] std::string_view take_polling_packet(std::string_view payload, std::size_t& at) noexcept;

/// RFC 4648, with or without padding; nothing when it is something else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace nxg::socketio
