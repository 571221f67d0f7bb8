#pragma once

#include "app/health.hpp"
#include "app/platform.hpp"
#include "app/public_routes.hpp"
#include "app/settings.hpp"
#include "coordination/coordinator.hpp"
#include "http_client/client.hpp"
#include "integrations/service_condition.hpp"
#include "resilience/policy.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nxg::app {

/// Every outside service of this process, for those who ask how it is.
class outside_services {
 public:
  using look = std::function<integrations::service_condition()>;

  /// `time` and `shared` must outlive this and every way to a service.
  outside_services(const settings& values, runtime::clock& time, coordination::coordinator& shared);

  /// `name` as operators say it; `without` is what the gym does while calls do not go through.
  void add(std::string name, std::string without, look how);

  [[nodiscard]] std::vector<dependency_shown> shown() const;
  /// A service that is configured and cannot be called makes the process degraded. This outlives `state`.
  void watch(health& state) const;
  /// Where a Redis is shared the quota is counted there, else each process keeps to its part.
  [[nodiscard]] resilience::policy_options with_quota(resilience::policy_options options) const;

 private:
  struct entry {
    std::string name;
    std::string without;
    look how;
  };
  runtime::clock& time_;
  /// Null: each process counts for itself.
  coordination::coordinator* shared_;
  std::vector<entry> entries_;
};

/// The way to one outside service: its connections and its policy, which tells metrics and log what happens on it.
struct outside_way {
  outside_way(const resilience::policy_options& options, platform& on, const outside_services& all);

  http::client client;
  resilience::policy policy;
  std::vector<telemetry::metrics::registration> registrations;
};

}  // namespace nxg::app
