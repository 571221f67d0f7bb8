#include "integrations/nutrition_planning/nps_client.hpp"

#include "integrations/nutrition_planning/nps_mapping.hpp"
#include "integrations/outside_call.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <chrono>
#include <utility>

namespace nxg::integrations {
namespace {

using namespace std::chrono_literals;

}  // namespace

resilience::policy_options nps_policy(std::uint64_t processes) {
  resilience::policy_options options;
  options.service = "nps";
  options.attempt_timeout = 10s;
  // A day's allowance as it comes in; as many at once as an hour holds.
  options.quota.granted = {.count = 2000, .period = 24h, .burst = 84};
  options.quota.processes = processes;
  return options;
}

std::string nps_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
  std::string message{timestamp};
  message += '.';
  message += body;
  return utilities::hex(utilities::hmac_sha256(secret, message));
}

nps_client::nps_client(nps_settings settings, http::client& http, resilience::policy& through, runtime::clock& time)
    : settings_{std::move(settings)}, http_{http}, policy_{through}, time_{time} {
  while (settings_.url.ends_with('/')) settings_.url.pop_back();
}

task<outside_diet> nps_client::make_diet(const diet_need& need, steady_instant deadline, bool in_background,
                                         still_allowed allowed) {
  const auto body = nps::request_for(need);
  const auto once = [&](resilience::attempt_info info) { return attempt(need, body, info.deadline); };
  const resilience::call_options how{.repeatable = true, .background = in_background, .may_repeat = std::move(allowed)};
  co_return co_await call_outside(policy_, deadline, how, once);
}

task<outside_diet> nps_client::attempt(const diet_need& need, const std::string& body, steady_instant deadline) {
  // Signed anew at each attempt: the service takes no old stamps.
  const auto timestamp =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time_.now().time_since_epoch()).count());
  http::client_request request{.method = "POST",
                               .url = settings_.url + "/mealplan",
                               .headers = {{"X-API-Key", settings_.api_key},
                                           {"X-Timestamp", timestamp},
                                           {"X-Signature", nps_signature(settings_.secret, timestamp, body)},
                                           {"Content-Type", "application/json"},
                                           {"Accept", "application/json"}},
                               .body = body};
  const auto answer = co_await send_for_json(http_, std::move(request), time_, deadline);
  try {
    co_return nps::read_answer(answer.body, need);
  } catch (const nps::malformed_answer& error) {
    throw resilience::attempt_failed{resilience::failure::malformed, error.what()};
  }
}

service_condition nps_client::condition() const { return condition_of(policy_); }

task<outside_diet> no_nutrition_planning_service::make_diet(const diet_need&, steady_instant, bool, still_allowed) {
  throw service_unavailable{"not_configured", "no nutrition planning service is configured"};
  co_return outside_diet{};
}

service_condition no_nutrition_planning_service::condition() const { return not_configured("nps"); }

}  // namespace nxg::integrations
