#include "socketio/engine_state.hpp"
#include "socketio/json_text.hpp"
#include "socketio/plain_transport.hpp"
#include "socketio/websocket.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace nxg::socketio::detail {

namespace {

constexpr std::string_view bearer = "bearer ";

std::string_view token_of(std::string_view authorization) noexcept {
  if (authorization.size() <= bearer.size() || !websocket::same_text(authorization.substr(0, bearer.size()), bearer))
    return {};
  return authorization.substr(bearer.size());
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 16 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); }) && (text == "0" || text[0] != '0');
}

/// What a client has shown with its request; empty when it has shown nothing.
std::string shown_by(const upgrade& request, const plain_door& by) {
  const auto token = token_of(websocket::find_header(request.headers, "authorization"));
  if (token.empty()) return {};
  std::string auth = R"({"token":)";
  json_text::append_string(auth, token);
  for (const auto& name : by.query_in_auth) {
    const auto value = query_parameter(request.target, name);
    if (!is_number(value)) continue;
    auth += ',';
    json_text::append_string(auth, name);
    auth.append(":").append(value);
  }
  return auth + '}';
}

}  // namespace

std::optional<websocket::refusal> engine_state::check_plain(const upgrade& request, const engine_core& core,
                                                            const request_info& info) const {
  if (auto no = websocket::check_request(request.method, request.headers)) return no;
  if (is_full(core, info)) return websocket::refusal{.status = 503, .body = "no session can be opened now"};
  const auto origin = websocket::find_header(request.headers, "origin");
  if (!origin.empty() && options_.allow_origin && !options_.allow_origin(origin))
    return websocket::refusal{.status = 403, .body = "Origin not allowed"};
  if (options_.allow_request) {
    if (const auto why = options_.allow_request(info)) return websocket::refusal{.status = 403, .body = *why};
  }
  return std::nullopt;
}

void engine_state::admit_plain(engine_core& core, upgrade&& request, std::shared_ptr<const plain_door> by) {
  const auto info = std::make_shared<request_info>(request_info{.target = request.target,
                                                                .headers = header_block{request.headers},
                                                                .remote_address = request.remote_address,
                                                                .connected_at = time_.now(),
                                                                .core = core.index});
  if (const auto refused = check_plain(request, core, *info)) {
    count(core.counters.refused);
    return refuse(std::move(request.socket), *refused);
  }
  auto auth = shown_by(request, *by);
  auto greeting = websocket::switching_response(websocket::find_header(request.headers, "sec-websocket-key"));
  auto surplus = std::move(request.surplus);
  const auto connection =
      std::make_shared<websocket_connection>(core.io, std::move(request.socket), websocket::role::server,
                                             websocket_options{.max_message = options_.max_payload,
                                                               .send = options_.send,
                                                               .close_timeout = options_.close_timeout,
                                                               .lifetime = core.connections,
                                                               .place = std::move(request.place)});
  const auto carrier = std::make_shared<plain_transport>(core.io, connection, std::move(by), max_plain_depth);
  const auto one = open(core, info);
  one->begin(carrier, on_session_(one));
  connection->start(carrier, std::move(greeting), std::move(surplus));
  carrier->begin(one, std::move(auth));
}

}  // namespace nxg::socketio::detail
