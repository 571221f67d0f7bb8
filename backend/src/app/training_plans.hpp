#pragma once

#include "app/platform.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "http_client/client.hpp"
#include "integrations/planning/planning_service.hpp"
#include "resilience/policy.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/machines/registry.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/planning/planning.hpp"

#include <memory>

namespace nxg::app {

/// Workout plans, and the outside service that makes them.
struct training_plans {
  training_plans(const settings& values, platform& on, storage& kept, coordination::coordinator& shared);

  http::client client;
  std::unique_ptr<resilience::policy> policy;
  std::unique_ptr<integrations::planning_service> service;
  exercises::catalogue exercises;
  planning::planning plans;
  std::vector<telemetry::metrics::registration> registrations;
};

/// The machines of a branch, in the words of the plans.
[[nodiscard]] planning::floor_machines floor_for_plans(machine_registry& machines, runtime::clock& time);

}  // namespace nxg::app
