#pragma once

#include "app/outside_services.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "integrations/planning/planning_service.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/machines/registry.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/planning/planning.hpp"

#include <memory>

namespace nxg::app {

/// Workout plans, and the outside service that makes them.
struct training_plans {
  training_plans(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
                 outside_services& outside);

  outside_way way;
  std::unique_ptr<integrations::planning_service> service;
  exercises::catalogue exercises;
  planning::planning plans;
};

/// The machines of a branch, in the words of the plans.
[[nodiscard]] planning::floor_machines floor_for_plans(machine_registry& machines, runtime::clock& time);

}  // namespace nxg::app
