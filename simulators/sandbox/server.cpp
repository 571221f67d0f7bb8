#include "sandbox/server.hpp"

#include "http/chain.hpp"
#include "runtime/timer.hpp"
#include "sandbox/control.hpp"
#include "sandbox/wps/service.hpp"
#include "schema/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace nxg::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto slow = 3s;
constexpr auto for_ever = 24h;

schema::any_json kept_body(const std::string& body) {
  if (body.empty()) return {};
  try {
    return schema::any_json{body};
  } catch (const schema::invalid&) {
    std::string text;
    try {
      schema::append_json_string(text, body);
    } catch (const std::exception&) {
      text = R"("not UTF-8")";
    }
    return schema::any_json{std::move(text)};
  }
}

http::server_options listening(const sandbox_options& options) {
  http::server_options listen;
  listen.address = options.address;
  listen.port = options.port;
  return listen;
}

http::problem failure() { return {500, "internal_error", "The service has a bad day."}; }

}  // namespace

sandbox_server::sandbox_server(sandbox_options options, runtime::io_pool& pool, runtime::clock& time,
                               runtime::random& random)
    : options_{std::move(options)},
      time_{time},
      faults_{time},
      plans_{std::move(options_.exercises), options_.seed},
      server_{pool, time, routes_, listening(options_)} {
  for (const auto& service : service_names())
    faults_.order(service, {.kind = options_.fault, .since = {}, .until = {}});
  routes_.use(http::observe(time, random, [](const auto&, const auto&, auto) {}));
  routes_.use(http::error_boundary([](std::exception_ptr) { return std::optional<http::problem>{}; },
                                   [](const auto&, std::exception_ptr) {}, [](const auto&, const auto&) {}));
  routes_.use([this](http::request& incoming, http::next go_on) { return play(incoming, go_on); });
  wps::declare_service(routes_, plans_);
  declare_control(routes_, faults_, log_, time);
  routes_.seal();
}

std::string sandbox_server::url() const { return fmt::format("http://{}:{}", options_.address, port()); }

bool sandbox_server::has_key(const http::request& incoming) const {
  return incoming.headers.count("X-API-Key") == 1 && incoming.headers.find("X-API-Key") == options_.wps_key;
}

task<http::response> sandbox_server::play(http::request& incoming, http::next go_on) {
  if (incoming.route == nullptr || !wps::is_of_service(*incoming.route)) co_return co_await go_on(incoming);
  const bool authorized = has_key(incoming);
  const auto fault = faults_.next("wps");
  log_.add({.at = time_.now(),
            .service = "wps",
            .method = std::string{http::to_string(incoming.method)},
            .target = incoming.target,
            .authorized = authorized,
            .fault = fault,
            .body = kept_body(incoming.body)});
  if (!authorized) throw http::problem{401, "invalid_api_key", "The X-API-Key is missing or wrong."};
  co_return co_await strike(fault, incoming, go_on);
}

task<http::response> sandbox_server::strike(fault_kind fault, http::request& incoming, http::next go_on) {
  switch (fault) {
    case fault_kind::none:
    case fault_kind::flapping:  // the board has decided it already
      break;
    case fault_kind::latency: co_await runtime::sleep_for(time_, slow); break;
    case fault_kind::hang: co_await runtime::sleep_for(time_, for_ever); break;
    case fault_kind::http_500: throw failure();
    case fault_kind::http_429: throw http::problem{429, "too_many_requests", "Slow down."}.with_retry_after(1s);
    case fault_kind::wrong_json: co_return http::make_response(200, "application/json", wps::lie(log_.total()));
    case fault_kind::cut_body: {
      auto answer = co_await go_on(incoming);
      // As if it had been a HEAD: the length is announced, the content is not sent, the connection ends.
      incoming.method = http::verb::head;
      answer.close = true;
      co_return answer;
    }
  }
  co_return co_await go_on(incoming);
}

}  // namespace nxg::sandbox
