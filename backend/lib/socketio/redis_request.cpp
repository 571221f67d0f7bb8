#include "socketio/redis_request.hpp"

#include "socketio/json_text.hpp"
#include "socketio/msgpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace nxg::socketio {

namespace {

using json_text::member;

constexpr int event_packet = 2;

/// Either kind of message as a JSON object, with the bytes among it apart.
struct message {
  std::string json;
  payload bytes;
};

std::optional<message> read(std::string_view bytes) {
  message result;
  if (bytes.starts_with('{')) {
    result.json = bytes;
  } else {
    msgpack::reader from{bytes};
    if (!from.json(result.json, result.bytes) || !from.at_end()) return std::nullopt;
  }
  if (!json_text::is_object(result.json, {})) return std::nullopt;
  return result;
}

std::string json_string(std::string_view text) {
  std::string result;
  json_text::append_string(result, text);
  return result;
}

/// A text, or a number in digits: JavaScript uses both as names.
std::string text_of(std::string_view json) {
  if (auto text = json_text::string_of(json)) return *text;
  const bool is_number = !json.empty() && (json.front() == '-' || (json.front() >= '0' && json.front() <= '9'));
  return is_number ? std::string{json} : std::string{};
}

std::string text_member(std::string_view object, std::string_view name) {
  const auto value = member(object, name);
  return value ? text_of(*value) : "";
}

std::optional<std::int64_t> number_member(std::string_view object, std::string_view name) {
  const auto value = member(object, name);
  std::int64_t number = 0;
  if (!value) return std::nullopt;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc{} || end != value->data() + value->size()) return std::nullopt;
  return number;
}

/// Empty when it is no list.
std::vector<std::string_view> list_member(std::string_view object, std::string_view name) {
  std::vector<std::string_view> result;
  const auto value = member(object, name);
  const auto items = value ? json_text::elements(*value, {}) : std::nullopt;
  if (!items) return result;
  for (const auto& one : *items) result.push_back(value->substr(one.offset, one.length));
  return result;
}

std::vector<std::string> names_member(std::string_view object, std::string_view name) {
  std::vector<std::string> result;
  for (const auto one : list_member(object, name)) result.push_back(text_of(one));
  return result;
}

std::optional<selection> selection_member(std::string_view object, std::string_view name) {
  const auto value = member(object, name);
  if (!value || !json_text::is_object(*value, {})) return std::nullopt;
  return selection{.rooms = names_member(*value, "rooms"), .except = names_member(*value, "except")};
}

/// A name and arguments out of an array; nothing when it is none.
std::optional<event_args> event_of(std::string_view array, std::vector<std::string> attachments) {
  auto slices = json_text::elements(array, {});
  if (!slices || slices->empty()) return std::nullopt;
  const auto name = json_text::string_of(array.substr(slices->front().offset, slices->front().length));
  if (!name) return std::nullopt;
  slices->erase(slices->begin());
  return event_args{*name, std::string{array}, std::move(*slices), std::move(attachments)};
}

std::optional<redis_request_type> type_member(std::string_view object) {
  const auto number = number_member(object, "type");
  if (!number || *number < 0 || *number > static_cast<int>(redis_request_type::broadcast_ack)) return std::nullopt;
  return static_cast<redis_request_type>(*number);
}

std::string array_of(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const auto& one : names) {
    if (out.size() > 1) out += ',';
    json_text::append_string(out, one);
  }
  return out + ']';
}

std::string options_of(const selection& to) {
  return fmt::format(R"({{"rooms":{},"except":{}}})", array_of(to.rooms), array_of(to.except));
}

std::string head_of(redis_request_type type, std::string_view sender, std::string_view id) {
  auto out = fmt::format(R"({{"uid":{})", json_string(sender));
  if (!id.empty()) out += fmt::format(R"(,"requestId":{})", json_string(id));
  return out + fmt::format(R"(,"type":{})", static_cast<int>(type));
}

bool read_event(const message& from, redis_request& to) {
  auto data = member(from.json, "data");
  if (to.type == redis_request_type::broadcast) {
    const auto packet = member(from.json, "packet");
    data = packet && json_text::is_object(*packet, {}) ? member(*packet, "data") : std::nullopt;
    const auto options = member(from.json, "opts");
    const auto flags = options && json_text::is_object(*options, {}) ? member(*options, "flags") : std::nullopt;
    const auto timeout = flags && json_text::is_object(*flags, {}) ? number_member(*flags, "timeout") : std::nullopt;
    if (timeout && *timeout > 0 && *timeout < 86'400'000) to.timeout = std::chrono::milliseconds{*timeout};
  }
  auto event = data ? event_of(*data, from.bytes.attachments()) : std::nullopt;
  if (!event) return false;
  to.event = std::move(*event);
  return true;
}

socket_info socket_of(std::string_view json) {
  socket_info one;
  if (!json_text::is_object(json, {})) {
    one.id = text_of(json);
    return one;
  }
  one.id = text_member(json, "id");
  one.rooms = names_member(json, "rooms");
  std::erase(one.rooms, one.id);  // Node lists a socket's own room too
  if (const auto shake = member(json, "handshake"); shake && json_text::is_object(*shake, {}))
    one.remote_address = text_member(*shake, "address");
  if (const auto data = member(json, "data")) one.data = *data;
  return one;
}

}  // namespace

std::optional<redis_request> decode_redis_request(std::string_view bytes) {
  const auto from = read(bytes);
  if (!from) return std::nullopt;
  const auto type = type_member(from->json);
  if (!type || *type > redis_request_type::broadcast) return std::nullopt;
  redis_request result{.type = *type};
  result.sender = text_member(from->json, "uid");
  result.id = text_member(from->json, "requestId");
  result.to = selection_member(from->json, "opts");
  result.socket_id = text_member(from->json, "sid");
  result.room = text_member(from->json, "room");
  result.rooms = names_member(from->json, "rooms");
  result.close = member(from->json, "close") == "true";
  const bool emits = *type == redis_request_type::server_side_emit || *type == redis_request_type::broadcast;
  if (emits && !read_event(*from, result)) return std::nullopt;
  return result;
}

std::optional<redis_response> decode_redis_response(std::string_view bytes) {
  const auto from = read(bytes);
  if (!from) return std::nullopt;
  redis_response result;
  result.type = type_member(from->json);
  result.id = text_member(from->json, "requestId");
  for (const auto one : list_member(from->json, "sockets")) result.sockets.push_back(socket_of(one));
  if (const auto count = number_member(from->json, "clientCount"); count && *count >= 0)
    result.client_count = static_cast<std::size_t>(*count);
  if (const auto data = member(from->json, "data")) result.data = *data;
  if (const auto packet = member(from->json, "packet")) {
    const auto length = static_cast<std::uint32_t>(packet->size());
    result.answer = event_args{"", std::string{*packet}, {{0, length}}, from->bytes.attachments()};
  }
  return result;
}

std::string encode_redis_request(redis_request_type type, std::string_view sender, std::string_view id,
                                 const selection& to, const std::vector<std::string>& rooms, bool close) {
  auto out = head_of(type, sender, id) + fmt::format(R"(,"opts":{})", options_of(to));
  if (type == redis_request_type::remote_join || type == redis_request_type::remote_leave)
    out += fmt::format(R"(,"rooms":{})", array_of(rooms));
  if (type == redis_request_type::remote_disconnect) out += close ? R"(,"close":true)" : R"(,"close":false)";
  return out + '}';
}

std::string encode_redis_server_event(std::string_view sender, std::string_view id, std::string_view event,
                                      const payload& content) {
  auto out = head_of(redis_request_type::server_side_emit, sender, id) + R"(,"data":[)" + json_string(event);
  if (!content.arguments().empty()) out += ',' + content.arguments();
  return out + "]}";
}

std::optional<std::string> encode_redis_ask(std::string_view sender, std::string_view id,
                                            std::string_view namespace_name, std::string_view event,
                                            const payload& content, const selection& to,
                                            std::chrono::milliseconds timeout) {
  msgpack::writer out;
  const auto texts = [&out](const std::vector<std::string>& all) {
    out.array(all.size());
    for (const auto& one : all) out.text(one);
  };
  out.map(5);
  out.text("uid");
  out.text(sender);
  out.text("requestId");
  out.text(id);
  out.text("type");
  out.integer(static_cast<int>(redis_request_type::broadcast));
  out.text("packet");
  out.map(3);
  out.text("type");
  out.integer(event_packet);
  out.text("data");
  if (!out.array_of(event, content)) return std::nullopt;
  out.text("nsp");
  out.text(namespace_name);
  out.text("opts");
  out.map(3);
  out.text("rooms");
  texts(to.rooms);
  out.text("except");
  texts(to.except);
  out.text("flags");
  out.map(1);
  out.text("timeout");
  out.integer(timeout.count());
  return std::move(out).result();
}

std::string encode_redis_done(std::string_view id) { return fmt::format(R"({{"requestId":{}}})", json_string(id)); }

std::string encode_redis_ids(std::string_view id, const std::vector<socket_info>& sockets) {
  std::vector<std::string> ids;
  for (const auto& one : sockets) ids.push_back(one.id);
  return fmt::format(R"({{"requestId":{},"sockets":{}}})", json_string(id), array_of(ids));
}

std::string encode_redis_rooms(std::string_view id, const std::vector<socket_info>& sockets) {
  std::set<std::string> rooms;
  for (const auto& one : sockets) {
    rooms.insert(one.id);
    rooms.insert(one.rooms.begin(), one.rooms.end());
  }
  return fmt::format(R"({{"requestId":{},"rooms":{}}})", json_string(id), array_of({rooms.begin(), rooms.end()}));
}

std::string encode_redis_sockets(std::string_view id, const std::vector<socket_info>& sockets) {
  std::string all;
  for (const auto& one : sockets) {
    auto rooms = one.rooms;
    rooms.insert(rooms.begin(), one.id);
    if (!all.empty()) all += ',';
    all += fmt::format(
        R"({{"id":{},"handshake":{{"headers":{{}},"query":{{}},"auth":{{}},"address":{}}},"rooms":{},"data":{}}})",
        json_string(one.id), json_string(one.remote_address), array_of(rooms), one.data);
  }
  return fmt::format(R"({{"requestId":{},"sockets":[{}]}})", json_string(id), all);
}

std::string encode_redis_server_answer(std::string_view id, std::string_view data) {
  return fmt::format(R"({{"type":{},"requestId":{},"data":{}}})",
                     static_cast<int>(redis_request_type::server_side_emit), json_string(id), data);
}

std::string encode_redis_client_count(std::string_view id, std::size_t count) {
  return fmt::format(R"({{"type":{},"requestId":{},"clientCount":{}}})",
                     static_cast<int>(redis_request_type::broadcast_client_count), json_string(id), count);
}

std::optional<std::string> encode_redis_client_answer(std::string_view id, const event_args& answer) {
  msgpack::writer out;
  out.map(3);
  out.text("type");
  out.integer(static_cast<int>(redis_request_type::broadcast_ack));
  out.text("requestId");
  out.text(id);
  out.text("packet");
  if (!out.json(answer[0], answer.attachments())) return std::nullopt;
  return std::move(out).result();
}

std::string redis_request_channel(std::string_view key, std::string_view namespace_name) {
  return fmt::format("{}-request#{}#", key, namespace_name);
}

std::string redis_response_channel(std::string_view key, std::string_view namespace_name, std::string_view to) {
  return to.empty() ? fmt::format("{}-response#{}#", key, namespace_name)
                    : fmt::format("{}-response#{}#{}#", key, namespace_name, to);
}

}  // namespace nxg::socketio
