#pragma once

#include "socketio/adapter.hpp"
#include "socketio/payload.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A broadcast between processes, as Node's `@socket.io/redis-adapter` writes it (MessagePack):
/// `[uid, {type, data: [event, ...arguments], nsp}, {rooms, except, flags}]`. No I/O here.
namespace nxg::socketio {

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
};

/// Nothing when the payload is no JSON.
[[nodiscard]] std::optional<std::string> encode_redis_message(std::string_view sender, std::string_view namespace_name,
                                                              std::string_view event, const payload& content,
                                                              const selection& to, const delivery& how);
/// Nothing when it is none.
[[nodiscard]] std::optional<redis_message> decode_redis_message(std::string_view bytes);

/// The channel of a namespace; of one room in it.
[[nodiscard]] std::string redis_channel(std::string_view key, std::string_view namespace_name,
                                        const selection& to = {});
/// The channels of all rooms of a namespace, as a pattern.
[[nodiscard]] std::string redis_pattern(std::string_view key, std::string_view namespace_name);

}  // namespace nxg::socketio
