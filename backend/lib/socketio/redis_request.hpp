#pragma once

#include "socketio/adapter.hpp"
#include "socketio/payload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What processes ask one another beside broadcasts, as Node's `@socket.io/redis-adapter` (version 8) writes it: JSON,
/// or MessagePack where bytes may be among it. No I/O here.
namespace nxg::socketio {

/// The numbers are those on the wire.
enum class redis_request_type : std::uint8_t {
  sockets,
  all_rooms,
  remote_join,
  remote_leave,
  remote_disconnect,
  remote_fetch,
  server_side_emit,
  broadcast,
  broadcast_client_count,
  broadcast_ack
};

struct redis_request {
  redis_request_type type = redis_request_type::sockets;
  /// Who asks; empty when he does not say (`@socket.io/redis-emitter`).
  std::string sender;
  /// Empty when no answer is wanted.
  std::string id;
  /// Which sockets are meant; requests of old name one by `socket_id` and `room` instead.
  std::optional<selection> to;
  std::string socket_id;
  std::string room;
  std::vector<std::string> rooms;
  bool close = false;
  /// Of what is emitted: name and arguments.
  event_args event;
  std::optional<std::chrono::milliseconds> timeout;
};

/// An answer; which of these are there depends on the question.
struct redis_response {
  std::optional<redis_request_type> type;
  std::string id;
  std::vector<socket_info> sockets;
  std::optional<std::size_t> client_count;
  /// A JSON text.
  std::optional<std::string> data;
  /// The first argument of a client's answer.
  std::optional<event_args> answer;
};

/// Nothing when it is none.
[[nodiscard]] std::optional<redis_request> decode_redis_request(std::string_view bytes);
[[nodiscard]] std::optional<redis_response> decode_redis_response(std::string_view bytes);

/// Of the kinds that name sockets: joining, leaving, disconnecting, listing.
[[nodiscard]] std::string encode_redis_request(redis_request_type type, std::string_view sender, std::string_view id,
                                               const selection& to, const std::vector<std::string>& rooms = {},
                                               bool close = false);
[[nodiscard]] std::string encode_redis_server_event(std::string_view sender, std::string_view id,
                                                    std::string_view event, const payload& content);
/// Nothing when the payload is no JSON.
[[nodiscard]] std::optional<std::string> encode_redis_ask(std::string_view sender, std::string_view id,
                                                          std::string_view namespace_name, std::string_view event,
                                                          const payload& content, const selection& to,
                                                          std::chrono::milliseconds timeout);

[[nodiscard]] std::string encode_redis_done(std::string_view id);
[[nodiscard]] std::string encode_redis_ids(std::string_view id, const std::vector<socket_info>& sockets);
[[nodiscard]] std::string encode_redis_rooms(std::string_view id, const std::vector<socket_info>& sockets);
[[nodiscard]] std::string encode_redis_sockets(std::string_view id, const std::vector<socket_info>& sockets);
[[nodiscard]] std::string encode_redis_server_answer(std::string_view id, std::string_view data);
[[nodiscard]] std::string encode_redis_client_count(std::string_view id, std::size_t count);
[[nodiscard]] std::optional<std::string> encode_redis_client_answer(std::string_view id, const event_args& answer);

/// The channels of requests and answers of a namespace, and the one of answers to one process.
[[nodiscard]] std::string redis_request_channel(std::string_view key, std::string_view namespace_name);
[[nodiscard]] std::string redis_response_channel(std::string_view key, std::string_view namespace_name,
                                                 std::string_view to = {});

}  // namespace nxg::socketio
