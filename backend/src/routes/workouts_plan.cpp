#include "routes/workouts_plan.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/followed_day.hpp"
#include "routes/plan_views.hpp"
#include "services/api_error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace nxg::routes {
namespace {

// --- the plan as it is followed -------------------------------------------------------------------------------------

struct daily_query {
  std::optional<uuid> branch_id;
  bool include_availability = true;

  static constexpr std::string_view optional_fields[] = {"include_availability"};
  static constexpr schema::note descriptions[] = {{"branch_id", "Whose machines `machineAvailability` speaks of"}};
};
BOOST_DESCRIBE_STRUCT(daily_query, (), (branch_id, include_availability))

struct daily_metadata {
  bool is_expired = false;
  bool needs_refresh = false;
  instant next_refresh_date{};
  /// Whether the machines were asked and answered.
  bool has_availability = false;
};
BOOST_DESCRIBE_STRUCT(daily_metadata, (), (is_expired, needs_refresh, next_refresh_date, has_availability))

struct daily_view : plan_summary {
  bool stale = false;
  std::vector<followed_day> workout_days;
  daily_metadata metadata;
};
BOOST_DESCRIBE_STRUCT(daily_view, (plan_summary), (stale, workout_days, metadata))

daily_metadata metadata_of(const workout_plan& plan, instant now) {
  const auto ends = plan.created_at + std::chrono::hours{24 * 7} * plan.content.duration_weeks;
  return {now >= ends, now >= plan.next_refresh_at, plan.next_refresh_at, false};
}

bool is_stale(const workout_plan& plan, const daily_metadata& metadata) {
  return metadata.needs_refresh || plan.source == plan_source::stale_cache;
}

daily_view daily(const training::followed_plan& followed, const std::vector<planning::floor_machine>& machines,
                 instant now) {
  const auto& plan = followed.plan;
  daily_view view{summary_of(plan), false, {}, metadata_of(plan, now)};
  view.stale = is_stale(plan, view.metadata);
  for (const auto& day : followed.merged.days) view.workout_days.push_back(view_of(day, machines));
  return view;
}

// --- one muscle group of it -----------------------------------------------------------------------------------------

struct group_path {
  schema::text<1, 60> muscle_group;
};
BOOST_DESCRIBE_STRUCT(group_path, (), (muscle_group))

struct group_exercise : followed_exercise {
  std::int32_t day_order = 1;
  std::string day_name;
};
BOOST_DESCRIBE_STRUCT(group_exercise, (followed_exercise), (day_order, day_name))

struct group_view {
  std::string muscle_group;
  uuid plan_id;
  plan_source source = plan_source::service;
  bool stale = false;
  std::vector<group_exercise> exercises;
  daily_metadata metadata;
};
BOOST_DESCRIBE_STRUCT(group_view, (), (muscle_group, plan_id, source, stale, exercises, metadata))

// By the label of the day ("Push") or by the group of the exercise, whatever the caller means by the word.
std::vector<group_exercise> exercises_for(const training::merged_plan& plan, std::string_view wanted) {
  const auto words = plain_words(wanted);
  const auto group = muscle_group_named(wanted);
  std::vector<group_exercise> found;
  for (const auto& day : plan.days) {
    const bool whole_day = plain_words(day.muscle_group) == words;
    for (const auto& section : day.categories) {
      if (section.category_type != plan_section::core) continue;
      for (const auto& entry : section.exercises) {
        if (whole_day || (group && entry.muscle_group == group))
          found.push_back({view_of(entry), day.day_order, day.day_name});
      }
    }
  }
  return found;
}

// The labels of its days, then the groups its exercises are for.
std::string groups_in(const training::merged_plan& plan) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  for (const auto& day : plan.days) {
    if (!day.is_rest_day) add(day.muscle_group);
  }
  for (const auto group : all_muscle_groups) {
    if (!exercises_for(plan, label_of(group)).empty()) add(std::string{label_of(group)});
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

api_error group_not_in_plan(const training::merged_plan& plan) {
  auto available = groups_in(plan);
  return api_error{error_code::not_found, "The plan has no exercises for that muscle group; it has: " + available + "."}
      .with_fields({{"/path/muscleGroup", "not_one_of", std::move(available)}});
}

task<daily_view> daily_plan(const workouts_plan_parts& parts, http::principal who, daily_query asked) {
  const auto followed = co_await parts.plans.followed(who.id);
  const auto branch = asked.include_availability ? asked.branch_id : std::nullopt;
  const auto machines = co_await machines_of(parts.machines, branch);
  auto view = daily(followed, machines.value_or(std::vector<planning::floor_machine>{}), parts.time.now());
  view.metadata.has_availability = machines.has_value();
  co_return view;
}

task<group_view> group_of_plan(const workouts_plan_parts& parts, http::principal who, group_path wanted) {
  const auto followed = co_await parts.plans.followed(who.id);
  const auto& plan = followed.plan;
  group_view view;
  view.exercises = exercises_for(followed.merged, wanted.muscle_group);
  if (view.exercises.empty()) throw group_not_in_plan(followed.merged);
  const auto group = muscle_group_named(wanted.muscle_group.value());
  view.muscle_group = group ? std::string{label_of(*group)} : wanted.muscle_group.value();
  view.plan_id = plan.id;
  view.source = plan.source;
  view.metadata = metadata_of(plan, parts.time.now());
  view.stale = is_stale(plan, view.metadata);
  co_return view;
}

}  // namespace

void declare_workouts_plan(http::router& routes, workouts_plan_parts parts) {
  routes.get("/api/workouts/daily")
      .summary("The active plan, with a machine for each exercise where one is asked for")
      .tag("Workouts")
      .operation_id("getDailyWorkouts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::branch_not_found)
      .handle([parts](http::principal who, http::query<daily_query> asked) {
        return daily_plan(parts, std::move(who), asked.value);
      });

  routes.get("/api/workouts/days/{muscleGroup}")
      .summary("The active plan's exercises for a muscle group, or of a day by its label")
      .description(
          "Muscle groups are chest, back, legs, shoulders, arms, core, cardio or a usual word for one of them; letter "
          "case does not matter. A 404 names those the plan has.")
      .tag("Workouts")
      .operation_id("getWorkoutsForMuscleGroup")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::not_found)
      .handle([parts](http::principal who, http::path<group_path> wanted) {
        return group_of_plan(parts, std::move(who), std::move(wanted.value));
      });
}

}  // namespace nxg::routes
