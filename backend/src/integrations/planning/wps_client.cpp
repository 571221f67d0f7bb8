#include "integrations/planning/wps_client.hpp"

#include "integrations/outside_call.hpp"
#include "integrations/planning/wps_mapping.hpp"
#include "schema/json.hpp"

#include <utility>

namespace nxg::integrations {
namespace {

using namespace std::chrono_literals;

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

task<outside_plan> wps_client::make_plan(const training_need& need, steady_instant deadline, urgency how,
                                         still_allowed allowed) {
  const auto body = schema::to_json(wps::request_for(need));
  const auto once = [&](resilience::attempt_info info) { return attempt(need, body, info.deadline); };
  const resilience::call_options options{
      .repeatable = true, .background = how == urgency::background, .may_repeat = std::move(allowed)};
  co_return co_await call_outside(policy_, deadline, options, once);
}

task<outside_plan> wps_client::attempt(const training_need& need, const std::string& body, steady_instant deadline) {
  http::client_request request{.method = "POST",
                               .url = settings_.url + "/workout-plans",
                               .headers = {{"X-API-Key", settings_.api_key},
                                           {"Content-Type", "application/json"},
                                           {"Accept", "application/json"}},
                               .body = body,
                               .repeatable = true};
  const auto answer = co_await send_for_json(http_, std::move(request), time_, deadline);
  try {
    co_return wps::read_answer(answer.body, need);
  } catch (const wps::malformed_answer& error) {
    throw resilience::attempt_failed{resilience::failure::malformed, error.what()};
  }
}

service_condition wps_client::condition() const { return condition_of(policy_); }

task<outside_plan> no_planning_service::make_plan(const training_need&, steady_instant, urgency, still_allowed) {
  throw service_unavailable{"not_configured", "no planning service is configured"};
  co_return outside_plan{};
}

service_condition no_planning_service::condition() const { return not_configured("wps"); }

}  // namespace nxg::integrations
