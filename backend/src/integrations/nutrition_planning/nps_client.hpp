#pragma once

#include "http_client/client.hpp"
#include "integrations/nutrition_planning/nutrition_planning_service.hpp"
#include "resilience/policy.hpp"
#include "runtime/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nxg::integrations {

struct nps_settings {
  /// The service's base, such as `https://api.nutrition-planner.com/v1`; a slash at the end does not matter.
  std::string url;
  std::string api_key;
  /// What requests are signed with.
  std::string secret;
};

/// The way to the service: one attempt at most 10 s, 2,000 calls a day for all processes together.
[[nodiscard]] resilience::policy_options nps_policy(std::uint64_t processes = 1);

/// The signature of a request: hex HMAC-SHA256, under the secret, of the time stamp, a full stop and the body.
[[nodiscard]] std::string nps_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

/// The nutrition planning service over HTTP (`simulators/contracts/nps.openapi.json`).
/// Each attempt waits at most as long as the policy says, answers are bounded to 2 MiB.
class nps_client final : public nutrition_planning_service {
 public:
  /// All must outlive it.
  nps_client(nps_settings settings, http::client& http, resilience::policy& through, runtime::clock& time);

  task<outside_diet> make_diet(const diet_need& need, steady_instant deadline, bool in_background,
                               still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;

 private:
  task<outside_diet> attempt(const diet_need& need, const std::string& body, steady_instant deadline);

  nps_settings settings_;
  http::client& http_;
  resilience::policy& policy_;
  runtime::clock& time_;
};

/// In the place of the service where none is configured: always `service_unavailable`.
class no_nutrition_planning_service final : public nutrition_planning_service {
 public:
  task<outside_diet> make_diet(const diet_need& need, steady_instant deadline, bool in_background,
                               still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;
};

}  // namespace nxg::integrations
