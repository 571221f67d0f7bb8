#pragma once

#include "http_client/client.hpp"
#include "integrations/planning/planning_service.hpp"
#include "resilience/policy.hpp"
#include "runtime/clock.hpp"

#include <string>

namespace nxg::integrations {

struct wps_settings {
  /// The service's base, such as `https://api.workout-service.com/v1`; a slash at the end does not matter.
  std::string url;
  std::string api_key;
};

/// The way to the service: one attempt at most 10 s, 1,000 calls an hour for all processes together.
[[nodiscard]] resilience::policy_options wps_policy(std::uint64_t processes = 1);

/// The workout planning service over HTTP (`simulators/contracts/wps.openapi.json`).
/// Each attempt waits at most as long as the policy says, answers are bounded to 2 MiB.
class wps_client final : public planning_service {
 public:
  /// All must outlive it.
  wps_client(wps_settings settings, http::client& http, resilience::policy& through, runtime::clock& time);

  task<outside_plan> make_plan(const training_need& need, steady_instant deadline, urgency how = urgency::interactive,
                               still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;

 private:
  task<outside_plan> attempt(const training_need& need, const std::string& body, steady_instant deadline);

  wps_settings settings_;
  http::client& http_;
  resilience::policy& policy_;
  runtime::clock& time_;
};

/// In the place of the service where none is configured: always `service_unavailable`.
class no_planning_service final : public planning_service {
 public:
  task<outside_plan> make_plan(const training_need& need, steady_instant deadline, urgency how = urgency::interactive,
                               still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;
};

}  // namespace nxg::integrations
