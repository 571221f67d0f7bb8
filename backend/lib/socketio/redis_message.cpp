#include "socketio/redis_message.hpp"

#include "socketio/msgpack.hpp"

#include <charconv>
#include <utility>

namespace nxg::socketio {

namespace {

/// Packet types of Socket.IO; a binary event is the same here, bytes are values of their own.
constexpr std::string_view event_type = "2";
constexpr std::string_view binary_event_type = "5";

/// Ours, beside those of Node: what `delivery::coalesce` says. Node ignores what it does not know.
constexpr std::string_view coalesce_flag = "coalesce";

void write_texts(msgpack::writer& to, const std::vector<std::string>& all) {
  to.array(all.size());
  for (const auto& one : all) to.text(one);
}

std::optional<std::vector<std::string>> read_texts(msgpack::reader& from) {
  const auto size = from.array();
  if (!size) return std::nullopt;
  std::vector<std::string> result;
  for (std::size_t i = 0; i < *size; ++i) {
    auto one = from.text();
    if (!one) return std::nullopt;
    result.push_back(std::move(*one));
  }
  return result;
}

/// Calls `member` with each name of a map; it takes the value. `nil` is an empty map.
template <class Member>
bool read_map(msgpack::reader& from, Member member) {
  if (from.nothing()) return true;
  const auto size = from.map();
  if (!size) return false;
  for (std::size_t i = 0; i < *size; ++i) {
    const auto name = from.text();
    if (!name || !member(*name)) return false;
  }
  return true;
}

bool read_data(msgpack::reader& from, redis_message& to) {
  const auto size = from.array();
  if (!size || *size == 0) return false;
  auto event = from.text();
  if (!event) return false;
  to.event = std::move(*event);
  for (std::size_t i = 1; i < *size; ++i) {
    std::string json;
    if (!from.json(json, to.content)) return false;
    to.content.add(json);
  }
  return true;
}

bool read_packet(msgpack::reader& from, redis_message& to) {
  bool has_data = false;
  to.namespace_name = "/";
  const bool well = read_map(from, [&](std::string_view name) {
    if (name == "data") return has_data = read_data(from, to);
    if (name != "type" && name != "nsp") return from.skip_value();
    const auto value = from.text();
    if (!value) return false;
    if (name == "type") return *value == event_type || *value == binary_event_type;
    to.namespace_name = *value;
    return true;
  });
  return well && has_data;
}

bool read_flags(msgpack::reader& from, redis_message& to) {
  return read_map(from, [&](std::string_view name) {
    if (name == coalesce_flag) {
      auto key = from.text();
      if (key) to.how.coalesce = std::move(*key);
      return key.has_value();
    }
    if (name != "volatile" && name != "local") return from.skip_value();
    std::string value;
    payload none;
    if (!from.json(value, none)) return false;
    (name == "volatile" ? to.how.is_volatile : to.local) = value == "true";
    return true;
  });
}

bool read_numbering(msgpack::reader& from, std::string_view name, redis_numbering& to) {
  auto value = from.text();
  if (!value) return false;
  if (name == "offset") {
    to.offset = std::move(*value);
    return true;
  }
  if (name == "after") {
    to.after = std::move(*value);
    return true;
  }
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), to.number);
  return error == std::errc{} && end == value->data() + value->size();
}

bool read_options(msgpack::reader& from, redis_message& to) {
  return read_map(from, [&](std::string_view name) {
    if (name == "offset" || name == "after" || name == "number") {
      if (!to.numbered) to.numbered.emplace();
      return read_numbering(from, name, *to.numbered);
    }
    if (name == "flags") return read_flags(from, to);
    if (name != "rooms" && name != "except") return from.skip_value();
    auto all = read_texts(from);
    if (all) (name == "rooms" ? to.to.rooms : to.to.except) = std::move(*all);
    return all.has_value();
  });
}

bool is_whole(const redis_numbering& numbered) {
  return numbered.number > 0 && !numbered.offset.empty() && !numbered.after.empty();
}

/// False when the payload is no JSON. What the map of options is to hold beside these, the caller writes.
bool write_message(msgpack::writer& out, std::string_view sender, std::string_view namespace_name,
                   std::string_view event, const payload& content, const selection& to, std::size_t more) {
  out.array(3);
  out.text(sender);
  out.map(3);
  out.text("type");
  out.integer(2);
  out.text("data");
  if (!out.array_of(event, content)) return false;
  out.text("nsp");
  out.text(namespace_name);
  out.map(2 + more);
  out.text("rooms");
  write_texts(out, to.rooms);
  out.text("except");
  write_texts(out, to.except);
  return true;
}

}  // namespace

std::optional<std::string> encode_redis_message(std::string_view sender, std::string_view namespace_name,
                                                std::string_view event, const payload& content, const selection& to,
                                                const delivery& how) {
  msgpack::writer out;
  if (!write_message(out, sender, namespace_name, event, content, to, 1)) return std::nullopt;
  out.text("flags");
  out.map((how.is_volatile ? 1u : 0u) + (how.coalesce.empty() ? 0u : 1u));
  if (how.is_volatile) {
    out.text("volatile");
    out.boolean(true);
  }
  if (!how.coalesce.empty()) {
    out.text(coalesce_flag);
    out.text(how.coalesce);
  }
  return std::move(out).result();
}

std::optional<std::string> encode_numbered_redis_message(std::string_view sender, std::string_view namespace_name,
                                                         std::string_view event, const payload& content,
                                                         const selection& to, std::uint64_t number) {
  msgpack::writer out;
  if (!write_message(out, sender, namespace_name, event, content, to, 4)) return std::nullopt;
  out.text("flags");
  out.map(0);
  out.text("number");
  out.integer(static_cast<std::int64_t>(number));
  return std::move(out).result();
}

std::string redis_numbering_tail(std::string_view offset, std::string_view after) {
  msgpack::writer out;
  out.text("offset");
  out.text(offset);
  out.text("after");
  out.text(after);
  return std::move(out).result();
}

std::optional<redis_message> decode_redis_message(std::string_view bytes) {
  msgpack::reader from{bytes};
  redis_message result;
  if (from.array() != 3) return std::nullopt;
  auto sender = from.text();
  if (!sender) return std::nullopt;
  result.sender = std::move(*sender);
  if (!read_packet(from, result) || !read_options(from, result) || !from.at_end()) return std::nullopt;
  if (result.numbered && !is_whole(*result.numbered)) return std::nullopt;
  return result;
}

std::string redis_channel(std::string_view key, std::string_view namespace_name, const selection& to) {
  std::string result{key};
  result.append("#").append(namespace_name).append("#");
  if (to.rooms.size() == 1) result.append(to.rooms.front()).append("#");
  return result;
}

std::string redis_pattern(std::string_view key, std::string_view namespace_name) {
  std::string result;
  for (const char one : redis_channel(key, namespace_name)) {
    if (std::string_view{"*?[]\\"}.contains(one)) result += '\\';
    result += one;
  }
  return result + '*';
}

}  // namespace nxg::socketio
