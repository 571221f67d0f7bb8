#include "integrations/meal_detection/mds_client.hpp"

#include "integrations/meal_detection/mds_mapping.hpp"
#include "integrations/outside_call.hpp"

#include <utility>

namespace nxg::integrations {

using namespace std::chrono_literals;

resilience::policy_options mds_policy(std::uint64_t processes) {
  resilience::policy_options options;
  options.service = "mds";
  options.attempt_timeout = 10s;
  // The vendor also counts per minute; the hour's allowance in bursts of a minute's keeps to both.
  options.quota.granted = {.count = 500, .period = 1h, .burst = 10};
  options.quota.processes = processes;
  return options;
}

mds_client::mds_client(mds_settings settings, http::client& http, resilience::policy& through, runtime::clock& time,
                       runtime::random& random)
    : settings_{std::move(settings)}, http_{http}, policy_{through}, time_{time}, random_{random} {
  while (settings_.url.ends_with('/')) settings_.url.pop_back();
}

task<detected_meal> mds_client::identify(std::string jpeg, bool background, steady_instant deadline,
                                         still_allowed allowed) {
  // Nobody can put into a picture what is made up after it was sent.
  const auto boundary = uuid::version_7(time_.now(), random_).to_string();
  const auto form = mds::identify_form(jpeg, boundary);
  const auto once = [&](resilience::attempt_info info) {
    return attempt("/identify/", form.content_type, form.body, info.deadline);
  };
  const resilience::call_options how{.background = background, .may_repeat = std::move(allowed)};
  co_return co_await call_outside(policy_, deadline, how, once);
}

task<detected_meal> mds_client::correct(std::vector<meal_item> before, std::string correction, steady_instant deadline,
                                        still_allowed allowed) {
  const auto body = mds::edit_body(before, correction);
  const auto once = [&](resilience::attempt_info info) {
    return attempt("/edit/", "application/json", body, info.deadline);
  };
  const resilience::call_options how{.may_repeat = std::move(allowed)};
  co_return co_await call_outside(policy_, deadline, how, once);
}

task<detected_meal> mds_client::attempt(std::string path, std::string content_type, std::string body,
                                        steady_instant deadline) {
  http::client_request request{.method = "POST",
                               .url = settings_.url + path,
                               .headers = {{"Authorization", "Bearer " + settings_.token},
                                           {"Content-Type", std::move(content_type)},
                                           {"Accept", "application/json"}},
                               .body = std::move(body)};
  const auto answer = co_await send_for_json(http_, std::move(request), time_, deadline);
  try {
    co_return mds::read_answer(answer.body);
  } catch (const mds::malformed_answer& error) {
    const bool instructing = dynamic_cast<const mds::instructing_answer*>(&error) != nullptr;
    if (settings_.on_refused_answer) settings_.on_refused_answer(instructing ? "instructions" : "malformed");
    throw resilience::attempt_failed{resilience::failure::malformed, error.what()};
  }
}

service_condition mds_client::condition() const { return condition_of(policy_); }

task<detected_meal> no_meal_detector::identify(std::string, bool, steady_instant, still_allowed) {
  throw service_unavailable{"not_configured", "no meal detection service is configured"};
  co_return detected_meal{};
}

task<detected_meal> no_meal_detector::correct(std::vector<meal_item>, std::string, steady_instant, still_allowed) {
  throw service_unavailable{"not_configured", "no meal detection service is configured"};
  co_return detected_meal{};
}

service_condition no_meal_detector::condition() const { return not_configured("mds"); }

}  // namespace nxg::integrations
