#include "socketio/engine_packet.hpp"

#include "socketio/json_text.hpp"

#include <charconv>

namespace nxg::socketio {

namespace {

std::optional<std::int64_t> integer_member(std::string_view object, std::string_view name) {
  const auto text = json_text::member(object, name);
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<engine_packet> decode_engine_packet(std::string_view text) noexcept {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  return engine_packet{.type = static_cast<engine_packet_type>(text.front() - '0'), .data = text.substr(1)};
}

std::string encode_open(const engine_open& session) {
  std::string out = R"(0{"sid":)";
  json_text::append_string(out, session.sid);
  out += session.may_upgrade ? R"(,"upgrades":["websocket"])" : R"(,"upgrades":[])";
  out += R"(,"pingInterval":)" + std::to_string(session.ping_interval.count());
  out += R"(,"pingTimeout":)" + std::to_string(session.ping_timeout.count());
  out += R"(,"maxPayload":)" + std::to_string(session.max_payload) + '}';
  return out;
}

std::optional<engine_open> decode_open(std::string_view data) {
  if (!json_text::is_object(data, {})) return std::nullopt;
  const auto sid = json_text::member(data, "sid");
  const auto name = sid ? json_text::string_of(*sid) : std::nullopt;
  const auto interval = integer_member(data, "pingInterval");
  const auto timeout = integer_member(data, "pingTimeout");
  constexpr std::int64_t day = 86'400'000;
  if (!name || !interval || !timeout || *interval <= 0 || *timeout <= 0 || *interval > day || *timeout > day)
    return std::nullopt;
  return engine_open{.sid = *name,
                     .ping_interval = std::chrono::milliseconds{*interval},
                     .ping_timeout = std::chrono::milliseconds{*timeout},
                     .max_payload = static_cast<std::size_t>(integer_member(data, "maxPayload").value_or(0))};
}

}  // namespace nxg::socketio
