#pragma once

#include "socketio/adapter.hpp"
#include "socketio/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A broadcast between processes, as Node's `@socket.io/redis-adapter` writes it (MessagePack):
/// `[uid, {type, data: [event, ...arguments], nsp}, {rooms, except, flags}]`. No I/O here.
namespace nxg::socketio {

/// What a broadcast has besides that clients may miss and still get at another process; Node ignores it.
struct redis_numbering {
  /// Of the sender's, from 1.
  std::uint64_t number = 0;
  /// What clients are told of it (`shared_offset`), and the entry of the stream before it.
  std::string offset = {};
  std::string after = {};
};

struct redis_message {
  /// Who sent it; everyone ignores his own.
  std::string sender;
  std::string namespace_name;
  std::string event;
  payload content;
  selection to;
  delivery how;
  /// `io.local.emit`: was not for others.
  bool local = false;
  std::optional<redis_numbering> numbered = {};
};

/// Nothing when the payload is no JSON.
[[nodiscard]] std::optional<std::string> encode_redis_message(std::string_view sender, std::string_view namespace_name,
                                                              std::string_view event, const payload& content,
                                                              const selection& to, const delivery& how);
/// The same up to where `redis_numbering_tail` is to follow: what the number will be is known to Redis only.
[[nodiscard]] std::optional<std::string> encode_numbered_redis_message(std::string_view sender,
                                                                       std::string_view namespace_name,
                                                                       std::string_view event, const payload& content,
                                                                       const selection& to, std::uint64_t number);
[[nodiscard]] std::string redis_numbering_tail(std::string_view offset, std::string_view after);
/// Nothing when it is none.
[[nodiscard]] std::optional<redis_message> decode_redis_message(std::string_view bytes);

/// The channel of a namespace; of one room in it.
[[nodiscard]] std::string redis_channel(std::string_view key, std::string_view namespace_name,
                                        const selection& to = {});
/// The channels of all rooms of a namespace, as a pattern.
[[nodiscard]] std::string redis_pattern(std::string_view key, std::string_view namespace_name);

}  // namespace nxg::socketio
