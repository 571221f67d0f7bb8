#pragma once

#include "app/outside_services.hpp"
#include "app/platform.hpp"
#include "app/settings.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "http/router.hpp"
#include "integrations/nutrition_planning/nutrition_planning_service.hpp"
#include "jobs/periodic.hpp"
#include "services/diets/diet_planning.hpp"
#include "services/diets/diet_refresh.hpp"
#include "services/foods/food_database.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

#include <functional>
#include <memory>

namespace nxg::app {

/// Diet plans, the outside service that makes them, and the foods they are made of.
struct diet_plans {
  diet_plans(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
             outside_services& outside);

  /// `audit` notes that an admin had a plan made for somebody else.
  void declare_routes(http::router& routes, std::function<task<void>(http::request&, uuid)> audit);
  void handle_events(store::dispatcher& by, live_channel& live);
  void add_jobs(jobs::runner& to);

  platform& on;
  outside_way way;
  std::unique_ptr<integrations::nutrition_planning_service> service;
  repositories::foods& kept_foods;
  foods::food_database foods;
  diets::diet_planning plans;
  diets::diet_refresh refresh;
};

}  // namespace nxg::app
