#pragma once

#include "http_client/client.hpp"
#include "integrations/meal_detection/meal_detector.hpp"
#include "resilience/policy.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace nxg::integrations {

struct mds_settings {
  /// The service's base; a slash at the end does not matter.
  std::string url;
  std::string token;
  /// Called for each answer that was refused: `malformed` or `instructions`.
  std::function<void(std::string_view reason)> on_refused_answer;
};

/// The way to the service: one attempt at most 10 s, 500 calls an hour for all processes together.
[[nodiscard]] resilience::policy_options mds_policy(std::uint64_t processes = 1);

/// The meal detection service over HTTP (`simulators/contracts/mds.openapi.json`).
class mds_client final : public meal_detector {
 public:
  /// All must outlive it.
  mds_client(mds_settings settings, http::client& http, resilience::policy& through, runtime::clock& time,
             runtime::random& random);

  task<detected_meal> identify(std::string jpeg, bool background, steady_instant deadline,
                               still_allowed allowed = {}) override;
  task<detected_meal> correct(std::vector<meal_item> before, std::string correction, steady_instant deadline,
                              still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;

 private:
  task<detected_meal> attempt(std::string path, std::string content_type, std::string body, steady_instant deadline);

  mds_settings settings_;
  http::client& http_;
  resilience::policy& policy_;
  runtime::clock& time_;
  runtime::random& random_;
};

/// In the place of the service where none is configured: always `service_unavailable`.
class no_meal_detector final : public meal_detector {
 public:
  task<detected_meal> identify(std::string jpeg, bool background, steady_instant deadline,
                               still_allowed allowed = {}) override;
  task<detected_meal> correct(std::vector<meal_item> before, std::string correction, steady_instant deadline,
                              still_allowed allowed = {}) override;
  [[nodiscard]] service_condition condition() const override;
};

}  // namespace nxg::integrations
