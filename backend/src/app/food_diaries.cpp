#include "app/food_diaries.hpp"

#include "integrations/meal_detection/mds_client.hpp"
#include "services/body/macros.hpp"
#include "utilities/time_zones.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <utility>

namespace nxg::app {

namespace {

/// Of pictures at once in this process: each takes some 60 MiB and a core.
constexpr std::size_t picture_threads = 2;
constexpr std::size_t pictures_in_line = 8;

resilience::policy_options policy_of(const settings& values) {
  auto options = integrations::mds_policy(values.processes);
  options.quota.granted.count = static_cast<std::uint64_t>(values.mds_quota_per_hour);
  return options;
}

std::unique_ptr<integrations::meal_detector> detector_of(const settings& values, platform& on, outside_way& way) {
  if (values.mds_url.empty()) return std::make_unique<integrations::no_meal_detector>();
  const auto count = [&metrics = on.metrics](std::string_view reason) {
    metrics
        .make_counter("nxg_outside_answers_refused_total", "Answers of outside services that were not believed",
                      {{"service", "mds"}, {"reason", std::string{reason}}})
        .increment();
  };
  return std::make_unique<integrations::mds_client>(integrations::mds_settings{values.mds_url, values.mds_token, count},
                                                    way.client, way.policy, on.time, on.random);
}

meals::member_reader members_of(storage& kept) {
  return [&users = kept.users](uuid member) { return users.find(member); };
}

body::macro_basis basis_of(const user& member, instant now) {
  body::macro_basis basis;
  if (member.weight_kg) basis.body.weight_kg = static_cast<double>(member.weight_kg->value());
  if (member.height_cm) basis.body.height_cm = static_cast<double>(member.height_cm->value());
  if (member.date_of_birth) {
    const auto today = utilities::local_date_at(now, member.time_zone.value());
    basis.body.age_years = utilities::age_on(*member.date_of_birth, today);
  }
  if (member.gender == gender::male) basis.body.sex = body_sex::male;
  if (member.gender == gender::female) basis.body.sex = body_sex::female;
  basis.activity_level = member.activity_level;
  basis.goal = member.goal;
  if (member.target_weight_kg) basis.target_weight_kg = static_cast<double>(member.target_weight_kg->value());
  if (member.health_conditions) {
    for (const auto& one : member.health_conditions->value()) basis.health_conditions.emplace_back(one.value());
  }
  return basis;
}

/// Of the profile, by the gym's formulas.
meals::nutrition_targets targets_by_formulas(const user& member, instant now) {
  const auto made = body::macro_targets_of(basis_of(member, now));
  meals::nutrition_targets targets;
  targets.water_ml = meals::water_target_ml(member);
  if (!made.calories) return targets;
  targets.source = meals::target_source::body_formulas;
  targets.energy_kcal = made.calories;
  targets.carbs_g = made.carbs_g;
  targets.protein_g = made.protein_g;
  targets.fat_g = made.fat_g;
  targets.fiber_g = made.fiber_g;
  targets.formula = boost::describe::enum_to_string(made.formula, "");
  return targets;
}

/// Of the member's diet plan, else by formulas.
class day_targets {
 public:
  day_targets(repositories::diet_plans& plans, runtime::clock& time) : plans_{plans}, time_{time} {}

  task<meals::nutrition_targets> of(user member) const {
    auto targets = targets_by_formulas(member, time_.now());
    const auto plan = co_await plans_.active_of(member.id);
    if (!plan || plan->content->total_macros.energy_kcal <= 0) co_return targets;
    const auto& macros = plan->content->total_macros;
    targets.source = meals::target_source::diet_plan;
    targets.energy_kcal = macros.energy_kcal;
    targets.carbs_g = macros.carbs_g;
    targets.protein_g = macros.protein_g;
    targets.fat_g = macros.fat_g;
    targets.fiber_g = macros.fiber_g;
    targets.formula.reset();
    co_return targets;
  }

 private:
  repositories::diet_plans& plans_;
  runtime::clock& time_;
};

meals::target_reader targets_for(storage& kept, runtime::clock& time) {
  return [of = day_targets{kept.diet_plans, time}](user member) { return of.of(std::move(member)); };
}

task<std::optional<meals::known_food>> food_in(repositories::foods& foods, uuid id) {
  const auto found = co_await foods.find(id);
  if (!found) co_return std::nullopt;
  const auto& holds = found->per_100g;
  meals::known_food known;
  known.name = found->name;
  known.per_100g = {holds.energy_kcal, holds.carbs_g, holds.protein_g, holds.fat_g, holds.fiber_g.value_or(0)};
  co_return known;
}

}  // namespace

food_diaries::food_diaries(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
                           object_storage& objects, outside_services& outside)
    : way{policy_of(values), on, outside},
      detector{detector_of(values, on, way)},
      workshop{on.time, picture_threads, pictures_in_line},
      balance{kept.meals, members_of(kept), targets_for(kept, on.time), on.time},
      diary{kept.meals, members_of(kept), [&foods = kept.foods](uuid id) { return food_in(foods, id); }, on.time},
      pictures{{.kept = kept.meals,
                .diary = diary,
                .workshop = workshop,
                .objects = objects.store(),
                .cache = shared.cache(),
                .detector = *detector,
                .time = on.time,
                .metrics = on.metrics,
                .log = on.log}},
      awards{kept.points, kept.meals, on.time} {
  outside.add("meal detection service", "pictures of meals wait, meals can be entered",
              [this] { return pictures.dependency(); });
}

}  // namespace nxg::app
