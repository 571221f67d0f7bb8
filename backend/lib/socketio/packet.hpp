#pragma once

#include "socketio/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The Socket.IO protocol, version 5: packets as text with binary attachments behind them. No I/O here.
namespace nxg::socketio {

/// Ready WebSocket frames of a server (unmasked), encoded once and shared by every connection they are sent on.
/// Other transports take the packets out of the frames again.
using shared_frames = std::shared_ptr<const std::string>;

/// The digits are those on the wire.
enum class packet_type : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

struct packet_limits {
  std::size_t max_attachments = 10;              ///< per packet
  std::size_t max_attachment_bytes = 1'000'000;  ///< of all attachments of one packet together
  std::size_t max_depth = 64;                    ///< of nested JSON
};

/// A packet received whole. `arguments` is filled for events and acknowledgements, `data` for the others.
struct packet {
  packet_type type = packet_type::event;
  std::string namespace_name = "/";
  std::optional<std::uint64_t> id;
  std::string data;  ///< connect: the auth object, `{}` when absent; connect_error: the error object
  event_args arguments;
};

/// A binary packet whose attachments have not all come.
struct incomplete_packet {
  packet head;
  std::string name;
  std::string text;
  std::vector<event_args::slice> slices;
  std::vector<std::string> attachments;
  std::size_t expected = 0;
  std::size_t bytes = 0;
};

/// Puts packets together out of Engine.IO messages, and refuses what is none.
///
/// A text message starts a packet, binary messages are the attachments it announced; anything else in between is an
/// error. After an error the decoder takes nothing more: the connection is to be closed.
class packet_decoder {
 public:
  enum class status : std::uint8_t {
    incomplete,  ///< attachments are still to come
    complete,    ///< `take` has the packet
    malformed,
  };

  explicit packet_decoder(const packet_limits& limits = {}) : limits_{limits} {}

  /// The UTF-8 of `text` was checked by the transport.
  status text(std::string_view text);
  status binary(std::string_view bytes);
  /// The packet that was completed last.
  [[nodiscard]] packet take();
  /// What was wrong, in English, for a log.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }
  [[nodiscard]] bool waits_for_attachments() const noexcept { return pending_ != nullptr; }

 private:
  status fail(std::string_view why);
  status read_arguments(std::string_view json, std::size_t attachments);

  packet_limits limits_;
  std::unique_ptr<incomplete_packet> pending_;
  packet done_;
  std::string_view error_;
};

/// The front of an event's packet.
struct event_front {
  std::string_view namespace_name;
  std::optional<std::uint64_t> id;
  std::string_view name;
  /// The text where the only argument would be; not looked at.
  std::string_view argument;
};
/// Reads no more of a packet than which event it is. Nothing for other packets, for events with attachments or without
/// arguments, and for names that are not written plainly; all of these are for the decoder.
[[nodiscard]] std::optional<event_front> read_event_front(std::string_view text);

/// The text of a packet, without the Engine.IO type in front. For connect, disconnect and connect_error `data` is the
/// JSON text behind the namespace, or empty.
[[nodiscard]] std::string encode_control(packet_type type, std::string_view namespace_name, std::string_view data = {});
/// The text of an event packet (binary when the payload has attachments).
[[nodiscard]] std::string encode_event(std::string_view namespace_name, std::string_view event, const payload& content,
                                       std::optional<std::uint64_t> id = std::nullopt);
/// The text of an acknowledgement packet.
[[nodiscard]] std::string encode_ack(std::string_view namespace_name, std::uint64_t id, const payload& content);

/// Ready server frames: the Engine.IO message with that packet text, followed by its attachments.
[[nodiscard]] shared_frames to_frames(std::string_view packet_text, const std::vector<std::string>& attachments = {});
/// The same in one step, without the text in between.
[[nodiscard]] shared_frames event_frames(std::string_view namespace_name, std::string_view event,
                                         const payload& content, std::optional<std::uint64_t> id = std::nullopt);
[[nodiscard]] shared_frames ack_frames(std::string_view namespace_name, std::uint64_t id, const payload& content);

}  // namespace nxg::socketio
