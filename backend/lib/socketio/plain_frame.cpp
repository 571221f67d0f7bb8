#include "socketio/plain_frame.hpp"

#include "socketio/json_text.hpp"

namespace nxg::socketio::plain {
namespace {

bool may_be_id(std::string_view json) noexcept {
  if (json.size() > max_id_length) return false;
  return json[0] == '"' || json[0] == '-' || (json[0] >= '0' && json[0] <= '9');
}

}  // namespace

std::optional<frame> read_frame(std::string_view text, std::size_t max_depth) {
  if (!json_text::is_object(text, {.max_depth = max_depth})) return std::nullopt;
  const auto event = json_text::member(text, "event");
  if (!event) return std::nullopt;
  auto name = json_text::string_of(*event);
  if (!name || name->empty() || name->size() > max_event_length) return std::nullopt;
  frame made{.event = std::move(*name), .data = {}, .id = {}};
  if (const auto data = json_text::member(text, "data")) made.data = *data;
  if (const auto id = json_text::member(text, "id"); id && *id != "null") {
    if (!may_be_id(*id)) return std::nullopt;
    made.id = *id;
  }
  return made;
}

std::string event_frame(std::string_view event, std::string_view data) {
  std::string made = R"({"event":)";
  json_text::append_string(made, event);
  return made.append(R"(,"data":)").append(data.empty() ? "null" : data).append("}");
}

std::string answer_frame(std::string_view id, std::string_view data) {
  std::string made = R"({"id":)";
  return made.append(id).append(R"(,"data":)").append(data.empty() ? "null" : data).append("}");
}

}  // namespace nxg::socketio::plain
