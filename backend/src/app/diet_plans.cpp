#include "app/diet_plans.hpp"

#include "events/diet_handlers.hpp"
#include "integrations/nutrition_planning/nps_client.hpp"
#include "jobs/diet_jobs.hpp"
#include "routes/diet_plans.hpp"
#include "routes/nutrition_foods.hpp"
#include "routes/nutrition_views.hpp"
#include "services/body/macros.hpp"
#include "services/diets/meal_library.hpp"
#include "services/planning/member_profile.hpp"

#include <utility>

namespace nxg::app {

namespace {

constexpr std::uint64_t refreshes_a_day = std::chrono::hours{24} / jobs::diet_refresh_every;

resilience::policy_options policy_of(const settings& values) {
  auto options = integrations::nps_policy(values.processes);
  options.quota.granted.count = static_cast<std::uint64_t>(values.nps_quota_per_day);
  return options;
}

std::unique_ptr<integrations::nutrition_planning_service> service_of(const settings& values, platform& on,
                                                                     outside_way& way) {
  if (values.nps_url.empty()) return std::make_unique<integrations::no_nutrition_planning_service>();
  return std::make_unique<integrations::nps_client>(
      integrations::nps_settings{values.nps_url, values.nps_api_key, values.nps_secret}, way.client, way.policy,
      on.time);
}

std::optional<body_sex> sex_of(const user& member) {
  if (member.gender == gender::female) return body_sex::female;
  if (member.gender == gender::male) return body_sex::male;
  return std::nullopt;
}

/// The gym's own formulas, over the profile and what was asked for beside it.
std::optional<intake> targets_of(const user& member, const diet_wishes& wishes, instant now) {
  body::macro_basis basis;
  if (member.weight_kg) basis.body.weight_kg = member.weight_kg->value();
  if (member.height_cm) basis.body.height_cm = member.height_cm->value();
  if (member.date_of_birth) {
    basis.body.age_years = planning::age_on(std::chrono::floor<std::chrono::days>(now), *member.date_of_birth);
  }
  basis.body.sex = sex_of(member);
  // Who does not say how active they are is taken to move little: too much helps nobody to lose weight.
  basis.activity_level = member.activity_level.value_or(activity_level::lightly_active);
  basis.goal = member.goal;
  if (member.target_weight_kg) basis.target_weight_kg = member.target_weight_kg->value();
  if (wishes.target_weight_kg) basis.target_weight_kg = wishes.target_weight_kg;
  if (member.health_conditions) {
    for (const auto& text : member.health_conditions->value()) basis.health_conditions.push_back(text.value());
  }
  const auto targets = body::macro_targets_of(basis);
  if (!targets.calories || !targets.protein_g || !targets.carbs_g || !targets.fat_g) return std::nullopt;
  return intake{*targets.calories, *targets.carbs_g, *targets.protein_g, *targets.fat_g, targets.fiber_g.value_or(0)};
}

}  // namespace

diet_plans::diet_plans(const settings& values, platform& with, storage& kept, coordination::coordinator& shared,
                       outside_services& outside)
    : on{with},
      way{policy_of(values), on, outside},
      service{service_of(values, on, way)},
      kept_foods{kept.foods},
      foods{kept.foods, on.time},
      plans{{.members = [&users = kept.users](uuid member) { return users.find(member); },
             .plans = kept.diet_plans,
             .foods = kept.foods,
             .cache = shared.cache(),
             .service = *service,
             .targets = targets_of,
             .time = on.time,
             .metrics = on.metrics,
             .log = on.log}},
      refresh{plans,          kept.diet_plans, on.time, on.log, static_cast<std::uint64_t>(values.nps_quota_per_day),
              refreshes_a_day} {
  outside.add("nutrition planning service", "diet plans come from elsewhere", [this] { return plans.dependency(); });
}

void diet_plans::declare_routes(http::router& routes, std::function<task<void>(http::request&, uuid)> audit) {
  routes::declare_nutrition_foods(routes, foods);
  routes::declare_diet_plans(routes, plans, on.time, std::move(audit));
  routes::declare_nutrition_views(
      routes, {.plans = plans, .library = [this] { return diets::meal_library(kept_foods); }, .time = on.time});
}

void diet_plans::handle_events(store::dispatcher& by, live_channel& live) {
  events::handle_diet_events(by, {.plans = plans, .live = live});
}

void diet_plans::add_jobs(jobs::runner& to) { jobs::add_diet_jobs(to, refresh); }

}  // namespace nxg::app
