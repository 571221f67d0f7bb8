#include "socketio_http/mount.hpp"

#include "http/upgrade.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace nxg::socketio_http {

namespace {

socketio::websocket::header_list headers_of(const http::header_fields& from) {
  socketio::websocket::header_list result;
  for (std::size_t i = 0; i < from.size(); ++i) result.emplace_back(from[i].name, from[i].value);
  return result;
}

socketio::upgrade to_upgrade(http::upgrade_request&& from) {
  return {.method = "GET",
          .target = std::move(from.target),
          .headers = headers_of(from.headers),
          .socket = std::move(from.socket),
          .surplus = std::move(from.leftover),
          .remote_address = std::move(from.remote_address),
          .core = from.core,
          .place = std::move(from.place)};
}

task<socketio::http_body> read(http::body_reader from, std::size_t limit) {
  auto body = co_await from(limit);
  socketio::http_body result;
  switch (body.how) {
    case http::door_body::outcome::complete: result.bytes = std::move(body.octets); break;
    case http::door_body::outcome::too_large: result.how = socketio::http_body::outcome::too_large; break;
    case http::door_body::outcome::failed: result.how = socketio::http_body::outcome::failed; break;
  }
  co_return result;
}

socketio::http_request to_request(const http::request& from) {
  return {.method = std::string{to_string(from.method)},
          .target = from.target,
          .headers = headers_of(from.headers),
          .remote_address = from.remote_address,
          .core = from.core};
}

task<http::response> answer(std::shared_ptr<socketio::http_responder> by, http::request& request,
                            http::body_reader body) {
  auto asked = to_request(request);
  std::function<task<socketio::http_body>(std::size_t)> bring = [body = std::move(body)](std::size_t limit) {
    return read(body, limit);
  };
  auto with = co_await socketio::ask(std::move(by), std::move(asked), std::move(bring));
  http::response result =
      http::make_response(static_cast<int>(with.status), std::string{with.content_type}, std::move(with.body));
  for (const auto& [name, value] : with.headers) result.headers.add(name, value);
  co_return result;
}

}  // namespace

void mount(socketio::server& to, http::server& door, std::string path, std::chrono::milliseconds limit) {
  door.on_upgrade(path, [&to](http::upgrade_request&& request) { to.accept(to_upgrade(std::move(request))); });
  door.on_request(std::move(path), limit, [by = to.requests()](http::request& request, http::body_reader body) {
    return answer(by, request, std::move(body));
  });
}

void mount_plain(socketio::server& to, http::server& door, std::string path, socketio::plain_door by) {
  const auto shared = std::make_shared<const socketio::plain_door>(std::move(by));
  door.on_upgrade(std::move(path), [&to, shared](http::upgrade_request&& request) {
    to.accept_plain(to_upgrade(std::move(request)), shared);
  });
}

}  // namespace nxg::socketio_http
