#pragma once

#include "app/health.hpp"
#include "app/platform.hpp"
#include "app/public_routes.hpp"
#include "http_client/client.hpp"
#include "integrations/service_condition.hpp"
#include "resilience/policy.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nxg::app {

/// The way to one outside service: its connections and its policy, which tells metrics and log what happens on it.
struct outside_way {
  outside_way(resilience::policy_options options, platform& on);

  http::client client;
  resilience::policy policy;
  std::vector<telemetry::metrics::registration> registrations;
};

/// Every outside service of this process, for those who ask how it is.
class outside_services {
 public:
  using look = std::function<integrations::service_condition()>;

  /// `name` as operators say it; `without` is what the gym does while calls do not go through.
  void add(std::string name, std::string without, look how);

  [[nodiscard]] std::vector<dependency_shown> shown() const;
  /// A service that is configured and cannot be called makes the process degraded. This outlives `state`.
  void watch(health& state) const;

 private:
  struct entry {
    std::string name;
    std::string without;
    look how;
  };
  std::vector<entry> entries_;
};

}  // namespace nxg::app
