#include "sandbox/server.hpp"

#include "http/chain.hpp"
#include "runtime/timer.hpp"
#include "sandbox/control.hpp"
#include "sandbox/mds/service.hpp"
#include "sandbox/wps/service.hpp"
#include "schema/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
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

scs::shop_options known_at(scs::shop_options options, std::function<std::string()> url) {
  options.url = std::move(url);
  return options;
}

http::problem failure() { return {500, "internal_error", "The service has a bad day."}; }

}  // namespace

sandbox_server::sandbox_server(sandbox_options options, runtime::io_pool& pool, runtime::clock& time,
                               runtime::random& random)
    : options_{std::move(options)},
      time_{time},
      faults_{time},
      plans_{std::move(options_.exercises), options_.seed},
      scans_{known_at(options_.scs_jobs, [this] { return url(); }), pool.at(0), time, random},
      meals_{std::move(options_.dishes), options_.seed},
      diets_{std::move(options_.figures), options_.seed},
      server_{pool, time, routes_, listening(options_)} {
  for (const auto& service : service_names())
    faults_.order(service, {.kind = options_.fault, .since = {}, .until = {}});
  routes_.use(http::observe(time, random, [](const auto&, const auto&, auto) {}));
  routes_.use(http::error_boundary([](std::exception_ptr) { return std::optional<http::problem>{}; },
                                   [](const auto&, std::exception_ptr) {}, [](const auto&, const auto&) {}));
  routes_.use([this](http::request& incoming, http::next go_on) { return play(incoming, go_on); });
  services_.push_back(wps::play(routes_, plans_, options_.wps_key));
  services_.push_back(scs::play(routes_, scans_, options_.scs_client, time, options_.scs_per_hour));
  services_.push_back(mds::play(routes_, meals_, time, options_.mds_token, options_.mds_per_hour));
  services_.push_back(nps::play(routes_, diets_, options_.nps, time));
  declare_control(routes_, faults_, log_, time);
  routes_.seal();
}

std::string sandbox_server::url() const { return fmt::format("http://{}:{}", options_.address, port()); }

const played_service* sandbox_server::service_of(const http::request& incoming) const {
  if (incoming.route == nullptr) return nullptr;
  const auto& tags = incoming.route->tags;
  const auto found =
      std::ranges::find_if(services_, [&](const auto& one) { return std::ranges::find(tags, one.name) != tags.end(); });
  return found == services_.end() ? nullptr : &*found;
}

task<http::response> sandbox_server::play(http::request& incoming, http::next go_on) {
  const auto* service = service_of(incoming);
  if (service == nullptr) co_return co_await go_on(incoming);
  std::exception_ptr refused;
  try {
    service->admit(incoming);
  } catch (const http::problem&) {
    refused = std::current_exception();
  }
  const auto fault = faults_.next(service->name);
  log_.add({.at = time_.now(),
            .service = service->name,
            .method = std::string{http::to_string(incoming.method)},
            .target = incoming.target,
            .authorized = !refused,
            .fault = fault,
            .body = kept_body(incoming.body)});
  if (refused) std::rethrow_exception(refused);
  co_return co_await strike(*service, fault, incoming, go_on);
}

task<http::response> sandbox_server::strike(const played_service& service, fault_kind fault, http::request& incoming,
                                            http::next go_on) {
  switch (fault) {
    case fault_kind::none:
    case fault_kind::flapping:  // the board has decided it already
      break;
    case fault_kind::latency: co_await runtime::sleep_for(time_, slow); break;
    case fault_kind::hang: co_await runtime::sleep_for(time_, for_ever); break;
    case fault_kind::http_500: throw failure();
    case fault_kind::http_429: throw http::problem{429, "too_many_requests", "Slow down."}.with_retry_after(1s);
    case fault_kind::wrong_json: co_return http::make_response(200, "application/json", service.lie(log_.total()));
    case fault_kind::unsafe: {
      auto answer = co_await go_on(incoming);
      if (service.poison && answer.status == 200) answer.body = service.poison(answer.body);
      co_return answer;
    }
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
