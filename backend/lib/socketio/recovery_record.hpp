#pragma once

#include "socketio/absent_client.hpp"
#include "socketio/event_position.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What processes keep for one another of clients that are away, and how positions are told (MessagePack and texts).
/// No I/O here.
namespace nxg::socketio {

struct recovery_record {
  /// Which numbering its positions belong to.
  std::string epoch;
  absent_client who;
  std::string data;
};

/// Positions of an earlier generation than `generation` are before all of `epoch`.
[[nodiscard]] std::string encode_recovery_record(std::string_view epoch, std::uint64_t generation,
                                                 const absent_client& who, std::string_view data);
/// Positions get that generation. Nothing when it is none.
[[nodiscard]] std::optional<recovery_record> decode_recovery_record(std::string_view bytes, std::uint64_t generation);

/// "1700000000000-5", the id of an entry of a Redis stream.
[[nodiscard]] std::optional<event_position> stream_position(std::string_view id, std::uint64_t generation);
[[nodiscard]] std::string stream_id(const event_position& at);

/// What a client is told of an event: the epoch, ':', and the id of its entry.
struct shared_offset {
  std::string epoch;
  std::string id;
};
[[nodiscard]] std::optional<shared_offset> parse_shared_offset(std::string_view text);

}  // namespace nxg::socketio
