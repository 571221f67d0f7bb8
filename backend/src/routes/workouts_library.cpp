#include "routes/workouts_library.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/plan_views.hpp"
#include "services/api_error.hpp"
#include "store/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
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

struct daily_exercise : plan_exercise {
  std::optional<planning::machine_availability> machine_availability;
};
BOOST_DESCRIBE_STRUCT(daily_exercise, (plan_exercise), (machine_availability))

struct daily_category {
  plan_section category_type = plan_section::core;
  std::int32_t category_order = 1;
  std::vector<daily_exercise> exercises;
};
BOOST_DESCRIBE_STRUCT(daily_category, (), (category_type, category_order, exercises))

struct daily_day {
  std::int32_t day_order = 1;
  std::string day_name;
  bool is_rest_day = false;
  std::string muscle_group;
  std::vector<nxg::muscle_group> muscle_groups;
  std::int32_t estimated_minutes = 0;
  std::string notes;
  std::vector<daily_category> categories;
};
BOOST_DESCRIBE_STRUCT(daily_day, (),
                      (day_order, day_name, is_rest_day, muscle_group, muscle_groups, estimated_minutes, notes,
                       categories))

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
  std::vector<daily_day> workout_days;
  daily_metadata metadata;
};
BOOST_DESCRIBE_STRUCT(daily_view, (plan_summary), (stale, workout_days, metadata))

std::vector<daily_category> categories_of(const plan_day& day, const std::vector<planning::floor_machine>& machines) {
  std::vector<daily_category> categories;
  for (const auto& section : day.categories) {
    daily_category category{section.category_type, section.category_order, {}};
    for (const auto& entry : section.exercises) {
      daily_exercise exercise{entry, {}};
      exercise.machine_availability = planning::machine_for(entry, machines);
      category.exercises.push_back(std::move(exercise));
    }
    categories.push_back(std::move(category));
  }
  return categories;
}

daily_metadata metadata_of(const workout_plan& plan, instant now) {
  const auto ends = plan.created_at + std::chrono::hours{24 * 7} * plan.content.duration_weeks;
  return {now >= ends, now >= plan.next_refresh_at, plan.next_refresh_at, false};
}

bool is_stale(const workout_plan& plan, const daily_metadata& metadata) {
  return metadata.needs_refresh || plan.source == plan_source::stale_cache;
}

daily_view daily(const workout_plan& plan, const std::vector<planning::floor_machine>& machines, instant now) {
  daily_view view{summary_of(plan), false, {}, metadata_of(plan, now)};
  view.stale = is_stale(plan, view.metadata);
  for (const auto& day : plan.content.days) {
    view.workout_days.push_back({day.day_order, day.day_name, day.is_rest_day, day.muscle_group, day.muscle_groups,
                                 day.estimated_minutes, day.notes, categories_of(day, machines)});
  }
  return view;
}

// The plan is worth having without knowing which machine is free.
task<std::optional<std::vector<planning::floor_machine>>> machines_of(const planning::floor_machines& floor,
                                                                      const daily_query& asked) {
  std::optional<std::vector<planning::floor_machine>> machines;
  if (!floor || !asked.include_availability || !asked.branch_id) co_return machines;
  try {
    machines = co_await floor(*asked.branch_id);
  } catch (const store::error&) {
  }
  co_return machines;
}

// --- one muscle group of it -----------------------------------------------------------------------------------------

struct group_path {
  schema::text<1, 60> muscle_group;
};
BOOST_DESCRIBE_STRUCT(group_path, (), (muscle_group))

struct group_exercise : plan_exercise {
  std::int32_t day_order = 1;
  std::string day_name;
};
BOOST_DESCRIBE_STRUCT(group_exercise, (plan_exercise), (day_order, day_name))

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
std::vector<group_exercise> exercises_for(const workout_plan& plan, std::string_view wanted) {
  const auto words = plain_words(wanted);
  const auto group = muscle_group_named(wanted);
  std::vector<group_exercise> found;
  for (const auto& day : plan.content.days) {
    const bool whole_day = plain_words(day.muscle_group) == words;
    for (const auto& section : day.categories) {
      if (section.category_type != plan_section::core) continue;
      for (const auto& entry : section.exercises) {
        if (whole_day || (group && entry.muscle_group == group)) found.push_back({entry, day.day_order, day.day_name});
      }
    }
  }
  return found;
}

// The labels of its days, then the groups its exercises are for.
std::string groups_in(const workout_plan& plan) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  for (const auto& day : plan.content.days) {
    if (!day.is_rest_day) add(day.muscle_group);
  }
  for (const auto group : all_muscle_groups) {
    if (!exercises_for(plan, label_of(group)).empty()) add(std::string{label_of(group)});
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

api_error group_not_in_plan(const workout_plan& plan) {
  auto available = groups_in(plan);
  return api_error{error_code::not_found, "The plan has no exercises for that muscle group; it has: " + available + "."}
      .with_fields({{"/path/muscleGroup", "not_one_of", std::move(available)}});
}

// --- the library ----------------------------------------------------------------------------------------------------

/// A stranger sees what there is, not how it is done, and less of it at a time.
constexpr int page_for_strangers = 20;

struct library_query {
  std::optional<schema::text<1, 40>> muscle_group;
  std::optional<schema::text<1, 40>> equipment;
  std::optional<difficulty_level> difficulty;
};
BOOST_DESCRIBE_STRUCT(library_query, (), (muscle_group, equipment, difficulty))

struct library_entry {
  uuid id;
  std::string external_id;
  std::string name;
  exercise_category category = exercise_category::strength;
  difficulty_level difficulty = difficulty_level::beginner;
  std::optional<equipment_kind> equipment;
  std::vector<nxg::muscle_group> muscle_groups;
  /// What follows is for those who are logged in.
  std::optional<force_kind> force;
  std::optional<mechanic_kind> mechanic;
  std::optional<std::vector<muscle>> primary_muscles;
  std::optional<std::vector<muscle>> secondary_muscles;
  std::optional<std::vector<std::string>> instructions;
};
BOOST_DESCRIBE_STRUCT(library_entry, (),
                      (id, external_id, name, category, difficulty, equipment, muscle_groups, force, mechanic,
                       primary_muscles, secondary_muscles, instructions))

library_entry entry_of(const exercise& source, bool whole) {
  library_entry entry;
  entry.id = source.id;
  entry.external_id = source.external_id;
  entry.name = source.name;
  entry.category = source.category;
  entry.difficulty = source.difficulty;
  entry.equipment = source.equipment;
  entry.muscle_groups = source.muscle_groups;
  if (!whole) return entry;
  entry.force = source.force;
  entry.mechanic = source.mechanic;
  entry.primary_muscles = source.primary_muscles;
  entry.secondary_muscles = source.secondary_muscles;
  entry.instructions = source.instructions;
  return entry;
}

struct library_filter {
  std::optional<nxg::muscle_group> group;
  std::optional<equipment_kind> equipment;
  std::optional<difficulty_level> difficulty;

  [[nodiscard]] bool admits(const exercise& one) const {
    return (!group || std::ranges::find(one.muscle_groups, *group) != one.muscle_groups.end()) &&
           (!equipment || one.equipment == *equipment) && (!difficulty || one.difficulty == *difficulty);
  }
};

library_filter filter_of(const library_query& asked) {
  library_filter filter{.group = {}, .equipment = {}, .difficulty = asked.difficulty};
  std::vector<field_error> wrong;
  if (asked.muscle_group) {
    filter.group = muscle_group_named(*asked.muscle_group);
    if (!filter.group)
      wrong.push_back({"/query/muscleGroup", "not_one_of",
                       "must be a muscle group such as chest, back, legs, shoulders, arms, core, cardio"});
  }
  if (asked.equipment) {
    filter.equipment = enum_named<equipment_kind>(*asked.equipment);
    if (!filter.equipment)
      wrong.push_back({"/query/equipment", "not_one_of",
                       "must be a kind of equipment such as barbell, dumbbell, cable, machine, body only"});
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  return filter;
}

// A position is the last exercise's name and id, a line feed between them.
using place = std::pair<std::string_view, uuid>;

std::optional<place> place_of(const std::optional<std::string>& after) {
  if (!after) return std::nullopt;
  const auto line = after->rfind('\n');
  if (line == std::string::npos) return std::nullopt;
  const auto id = uuid::parse(std::string_view{*after}.substr(line + 1));
  return id ? std::optional{place{std::string_view{*after}.substr(0, line), *id}} : std::nullopt;
}

http::page<library_entry> page_of(const exercises::library& library, const library_filter& filter,
                                  const http::page_request& asked, bool whole) {
  const auto limit = static_cast<std::size_t>(whole ? asked.limit : std::min(asked.limit, page_for_strangers));
  const auto& all = library.all();
  auto from = all.begin();
  if (const auto after = place_of(asked.after)) {
    from = std::ranges::upper_bound(all, *after, {}, [](const exercise& e) { return place{e.name, e.id}; });
  }
  http::page<library_entry> page;
  const exercise* last = nullptr;
  for (; from != all.end(); ++from) {
    if (!filter.admits(*from)) continue;
    if (page.items.size() == limit) {
      page.next = last->name + '\n' + last->id.to_string();
      break;
    }
    page.items.push_back(entry_of(*from, whole));
    last = &*from;
  }
  return page;
}

task<http::page<library_entry>> list(const workouts_library_parts& parts, library_query asked, http::page_request page,
                                     const http::request& incoming) {
  std::shared_ptr<const http::principal> who;
  if (parts.caller) who = co_await parts.caller(incoming);
  const auto filter = filter_of(asked);
  const auto library = co_await parts.exercises.current();
  co_return page_of(*library, filter, page, who != nullptr);
}

task<daily_view> daily_plan(const workouts_library_parts& parts, http::principal who, daily_query asked) {
  const auto plan = co_await parts.plans.active(who.id);
  const auto machines = co_await machines_of(parts.machines, asked);
  auto view = daily(plan, machines.value_or(std::vector<planning::floor_machine>{}), parts.time.now());
  view.metadata.has_availability = machines.has_value();
  co_return view;
}

task<group_view> group_of_plan(const workouts_library_parts& parts, http::principal who, group_path wanted) {
  const auto plan = co_await parts.plans.active(who.id);
  group_view view;
  view.exercises = exercises_for(plan, wanted.muscle_group);
  if (view.exercises.empty()) throw group_not_in_plan(plan);
  const auto group = muscle_group_named(wanted.muscle_group.value());
  view.muscle_group = group ? std::string{label_of(*group)} : wanted.muscle_group.value();
  view.plan_id = plan.id;
  view.source = plan.source;
  view.metadata = metadata_of(plan, parts.time.now());
  view.stale = is_stale(plan, view.metadata);
  co_return view;
}

}  // namespace

void declare_workouts_library(http::router& routes, workouts_library_parts parts) {
  routes.get("/api/workouts/daily")
      .summary("The active plan, with a machine for each exercise where one is asked for")
      .tag("workouts")
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
      .tag("workouts")
      .operation_id("getWorkoutsForMuscleGroup")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::not_found)
      .handle([parts](http::principal who, http::path<group_path> wanted) {
        return group_of_plan(parts, std::move(who), std::move(wanted.value));
      });

  routes.get("/api/workouts/library")
      .summary("The exercise library")
      .description(
          "Open to everybody, at most 20 at a time and without instructions; whole for those who are logged in.")
      .tag("workouts")
      .operation_id("listExercises")
      .open()
      .handle([parts](http::query<library_query> asked, http::page_request page, http::request& incoming) {
        return list(parts, std::move(asked.value), std::move(page), incoming);
      });
}

}  // namespace nxg::routes
