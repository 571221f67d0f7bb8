#include "app/food_diaries.hpp"

#include "integrations/meal_detection/mds_client.hpp"

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

task<meals::nutrition_targets> targets_of(user member) {
  meals::nutrition_targets targets;
  targets.water_ml = meals::water_target_ml(member);
  co_return targets;
}

task<std::optional<meals::known_food>> food_in(uuid) { co_return std::nullopt; }

}  // namespace

food_diaries::food_diaries(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
                           object_storage& objects, outside_services& outside)
    : way{policy_of(values), on},
      detector{detector_of(values, on, way)},
      workshop{on.time, picture_threads, pictures_in_line},
      balance{kept.meals, members_of(kept), targets_of, on.time},
      diary{kept.meals, members_of(kept), food_in, on.time},
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
