#include "integrations/planning/wps_client.hpp"

#include "integrations/planning/wps_mapping.hpp"
#include "schema/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nxg::integrations {
namespace {

using resilience::attempt_failed;
using resilience::failure;
using namespace std::chrono_literals;

failure failure_of(http::client_failure how) {
  switch (how) {
    case http::client_failure::timeout: return failure::timed_out;
    case http::client_failure::too_large:
    case http::client_failure::protocol: return failure::malformed;
    case http::client_failure::invalid_request: return failure::rejected;
    case http::client_failure::busy:
    case http::client_failure::resolve:
    case http::client_failure::connect:
    case http::client_failure::tls:
    case http::client_failure::cut:
    case http::client_failure::stopped: return failure::unavailable;
  }
  return failure::unavailable;
}

failure failure_of(int status) {
  if (status == 401 || status == 403) return failure::unauthorized;
  if (status == 429) return failure::throttled;
  if (status == 408 || status >= 500) return failure::unavailable;
  if (status >= 400) return failure::rejected;
  // A redirect, or a success the contract does not know.
  return failure::malformed;
}

std::string_view breaker_name(resilience::breaker_state state) {
  switch (state) {
    case resilience::breaker_state::closed: return "closed";
    case resilience::breaker_state::open: return "open";
    case resilience::breaker_state::half_open: return "half_open";
  }
  return "closed";
}

bool is_json(const http::client_response& answer) {
  const auto type = answer.header("content-type").value_or("");
  return type == "application/json" || type.starts_with("application/json;");
}

}  // namespace

resilience::policy_options wps_policy(std::uint64_t processes) {
  resilience::policy_options options;
  options.service = "wps";
  options.attempt_timeout = 10s;
  // The vendor also counts per minute; the hour's allowance in bursts of a minute's keeps to both.
  options.quota.granted = {.count = 1000, .period = 1h, .burst = 60};
  options.quota.processes = processes;
  return options;
}

wps_client::wps_client(wps_settings settings, http::client& http, resilience::policy& through, runtime::clock& time)
    : settings_{std::move(settings)}, http_{http}, policy_{through}, time_{time} {
  while (settings_.url.ends_with('/')) settings_.url.pop_back();
}

task<outside_plan> wps_client::make_plan(const training_need& need, steady_instant deadline, urgency how) {
  const auto body = schema::to_json(wps::request_for(need));
  const auto once = [&](resilience::attempt_info info) { return attempt(need, body, info.deadline); };
  try {
    const resilience::call_options options{.repeatable = true, .background = how == urgency::background};
    co_return co_await resilience::call(policy_, deadline, options, once);
  } catch (const resilience::call_failed& failed) {
    const auto reason = failed.last ? name_of(*failed.last) : name_of(failed.why);
    throw planning_unavailable{std::string{reason}, failed.what(), failed.retry_after};
  }
}

task<outside_plan> wps_client::attempt(const training_need& need, const std::string& body, steady_instant deadline) {
  http::client_request request{
      .method = "POST",
      .url = settings_.url + "/workout-plans",
      .headers = {{"X-API-Key", settings_.api_key},
                  {"Content-Type", "application/json"},
                  {"Accept", "application/json"}},
      .body = body,
      .timeout = std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - time_.steady()))};
  http::client_response answer;
  try {
    answer = co_await http_.send(std::move(request));
  } catch (const http::client_error& error) {
    throw attempt_failed{failure_of(error.how), error.what()};
  }
  if (answer.status != 200) {
    throw attempt_failed{failure_of(answer.status), fmt::format("answered {}", answer.status),
                         answer.retry_after(time_.now())};
  }
  if (!is_json(answer)) throw attempt_failed{failure::malformed, "answered no JSON"};
  try {
    co_return wps::read_answer(answer.body, need);
  } catch (const wps::malformed_answer& error) {
    throw attempt_failed{failure::malformed, error.what()};
  }
}

service_condition wps_client::condition() const {
  return {.service = policy_.service(),
          .configured = true,
          .breaker = std::string{breaker_name(policy_.breaker())},
          .retry_after = policy_.retry_after(),
          .running = policy_.running(),
          .waiting = policy_.waiting()};
}

task<outside_plan> no_planning_service::make_plan(const training_need&, steady_instant, urgency) {
  throw planning_unavailable{"not_configured", "no planning service is configured"};
  co_return outside_plan{};
}

service_condition no_planning_service::condition() const {
  return {.service = "wps", .configured = false, .breaker = "closed"};
}

}  // namespace nxg::integrations
