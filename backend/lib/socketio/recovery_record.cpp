#include "socketio/recovery_record.hpp"

#include "socketio/msgpack.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace nxg::socketio {

namespace {

constexpr std::size_t parts = 6;
constexpr std::size_t longest_epoch = 64;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void write_texts(msgpack::writer& to, const std::vector<std::string>& all) {
  to.array(all.size());
  for (const auto& one : all) to.text(one);
}

bool read_texts(msgpack::reader& from, std::vector<std::string>& all) {
  const auto size = from.array();
  for (std::size_t i = 0; size && i < *size; ++i) {
    auto one = from.text();
    if (!one) return false;
    all.push_back(std::move(*one));
  }
  return size.has_value();
}

bool read_position(msgpack::reader& from, event_position& at, std::uint64_t generation) {
  const auto text = from.text();
  const auto read = text ? stream_position(*text, generation) : std::nullopt;
  if (read) at = *read;
  return read.has_value();
}

bool read_changes(msgpack::reader& from, std::vector<room_change>& all, std::uint64_t generation) {
  const auto size = from.array();
  for (std::size_t i = 0; size && i < *size; ++i) {
    room_change one;
    if (from.array() != 3 || !read_position(from, one.after, generation)) return false;
    auto room = from.text();
    const auto entered = from.text();
    if (!room || !entered || (*entered != "0" && *entered != "1")) return false;
    one.room = std::move(*room);
    one.entered = *entered == "1";
    all.push_back(std::move(one));
  }
  return size.has_value();
}

}  // namespace

std::string encode_recovery_record(std::string_view epoch, std::uint64_t generation, const absent_client& who,
                                   std::string_view data) {
  const auto is_old = [generation](const event_position& at) { return at.generation < generation; };
  msgpack::writer out;
  out.array(parts);
  out.text(epoch);
  out.text(who.id);
  write_texts(out, who.rooms);
  out.text(data);
  out.text(stream_id(is_old(who.since) ? event_position{} : who.since));
  // What changed in an earlier generation had changed before all of this one.
  const auto first = std::ranges::find_if_not(who.changes, is_old, &room_change::after);
  out.array(static_cast<std::size_t>(who.changes.end() - first));
  for (auto it = first; it != who.changes.end(); ++it) {
    out.array(3);
    out.text(stream_id(it->after));
    out.text(it->room);
    out.integer(it->entered ? 1 : 0);
  }
  return std::move(out).result();
}

std::optional<recovery_record> decode_recovery_record(std::string_view bytes, std::uint64_t generation) {
  msgpack::reader from{bytes};
  if (from.array() != parts) return std::nullopt;
  recovery_record result;
  auto epoch = from.text();
  auto id = from.text();
  if (!epoch || !id || !read_texts(from, result.who.rooms)) return std::nullopt;
  auto data = from.text();
  if (!data || !read_position(from, result.who.since, generation)) return std::nullopt;
  if (!read_changes(from, result.who.changes, generation) || !from.at_end()) return std::nullopt;
  result.epoch = std::move(*epoch);
  result.who.id = std::move(*id);
  result.data = std::move(*data);
  return result;
}

std::optional<event_position> stream_position(std::string_view id, std::uint64_t generation) {
  const auto dash = id.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto time = whole_number(id.substr(0, dash));
  const auto number = whole_number(id.substr(dash + 1));
  if (!time || !number) return std::nullopt;
  return event_position{generation, *time, *number};
}

std::string stream_id(const event_position& at) { return std::to_string(at.time) + '-' + std::to_string(at.number); }

std::optional<shared_offset> parse_shared_offset(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > longest_epoch) return std::nullopt;
  const auto is_plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!std::ranges::all_of(text.substr(0, colon), is_plain)) return std::nullopt;
  const auto id = text.substr(colon + 1);
  const auto at = stream_position(id, 0);
  if (!at) return std::nullopt;
  return shared_offset{std::string{text.substr(0, colon)}, stream_id(*at)};
}

}  // namespace nxg::socketio
