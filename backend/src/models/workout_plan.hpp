#pragma once

#include "models/exercise.hpp"
#include "models/muscle_group.hpp"
#include "models/training_need.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// Where a plan comes from, in the order it is looked for. `cache`, `stale_cache`: the service's answer to an earlier,
/// equal request. `last_plan`: the one the member already had. `rules`: made here, without the service.
enum class plan_source : std::uint8_t { service, cache, stale_cache, last_plan, rules };
BOOST_DESCRIBE_ENUM(plan_source, service, cache, stale_cache, last_plan, rules)

/// `next`: written, about to replace the active one. `active`: the one the member follows, at most one.
/// `retired`: replaced. `withdrawn`: put away by the member.
enum class plan_state : std::uint8_t { next, active, retired, withdrawn };
BOOST_DESCRIBE_ENUM(plan_state, next, active, retired, withdrawn)

enum class plan_section : std::uint8_t { warmup, core, cooldown };
BOOST_DESCRIBE_ENUM(plan_section, warmup, core, cooldown)

/// One exercise of a day: counted (`reps_min`..`reps_max` a set) or timed (`duration_seconds` a set).
struct plan_exercise {
  std::int32_t exercise_order = 1;
  /// Of our library; absent when the service named one that the library does not have.
  std::optional<uuid> exercise_id;
  std::string external_id;
  std::string exercise_name;
  std::optional<nxg::muscle_group> muscle_group;
  std::optional<equipment_kind> equipment;
  std::optional<difficulty_level> difficulty;
  std::int32_t sets = 1;
  std::optional<std::int32_t> reps_min;
  std::optional<std::int32_t> reps_max;
  std::optional<std::int32_t> duration_seconds;
  std::int32_t rest_seconds = 60;
  std::optional<double> weight_kg;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(plan_exercise, (),
                      (exercise_order, exercise_id, external_id, exercise_name, muscle_group, equipment, difficulty,
                       sets, reps_min, reps_max, duration_seconds, rest_seconds, weight_kg, notes))

struct plan_category {
  plan_section category_type = plan_section::core;
  std::int32_t category_order = 1;
  std::vector<plan_exercise> exercises;
};
BOOST_DESCRIBE_STRUCT(plan_category, (), (category_type, category_order, exercises))

struct plan_day {
  /// 1 is Monday.
  std::int32_t day_order = 1;
  std::string day_name;
  bool is_rest_day = false;
  /// The day's label in the words of whoever made the plan ("Push"); `muscle_groups` says it in ours.
  std::string muscle_group;
  std::vector<nxg::muscle_group> muscle_groups;
  std::int32_t estimated_minutes = 0;
  std::string notes;
  std::vector<plan_category> categories;
};
BOOST_DESCRIBE_STRUCT(plan_day, (),
                      (day_order, day_name, is_rest_day, muscle_group, muscle_groups, estimated_minutes, notes,
                       categories))

/// What a plan says, apart from whose it is and how long it holds.
struct plan_content {
  std::string plan_name;
  difficulty_level difficulty = difficulty_level::beginner;
  std::int32_t duration_weeks = 4;
  /// In the order of the week; rest days may be listed or left out.
  std::vector<plan_day> days;
};
BOOST_DESCRIBE_STRUCT(plan_content, (), (plan_name, difficulty, duration_weeks, days))

/// What of the member a plan was made for; when it changes, a new plan is due.
struct plan_basis {
  difficulty_level level = difficulty_level::beginner;
  training_goal goal = training_goal::maintenance;
  std::int32_t weekly_workout_days = 3;
  std::optional<std::int32_t> rest_day;
  plan_preferences preferences;

  friend bool operator==(const plan_basis&, const plan_basis&) = default;
};
BOOST_DESCRIBE_STRUCT(plan_basis, (), (level, goal, weekly_workout_days, rest_day, preferences))

/// A member's plan. Written once; only its state changes afterwards.
struct workout_plan {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  plan_state state = plan_state::next;
  plan_source source = plan_source::rules;
  /// The service's id of it; empty for plans made here.
  std::string service_plan_id;
  plan_content content;
  plan_basis basis;
  instant created_at{};
  /// Until then asking again gives this plan.
  instant fresh_until{};
  /// From then on a new one is due; this one stays until it is there.
  instant next_refresh_at{};
  /// When a replacement was last tried in vain.
  std::optional<instant> last_attempt_at;
  /// The plan it was made to replace, where nobody asked for it.
  std::optional<uuid> refreshes;
};
BOOST_DESCRIBE_STRUCT(workout_plan, (),
                      (id, version, member_id, state, source, service_plan_id, content, basis, created_at, fresh_until,
                       next_refresh_at, last_attempt_at, refreshes))

/// A plan has become the active one of its member.
struct plan_activated {
  uuid plan_id;
  uuid member_id;
  std::string plan_name;
  plan_source source = plan_source::rules;
  /// The plan it replaces, where it was time for a new one rather than somebody asking.
  std::optional<uuid> refreshes;
};
BOOST_DESCRIBE_STRUCT(plan_activated, (), (plan_id, member_id, plan_name, source, refreshes))

store::declaration<workout_plan> declare(store::tag<workout_plan>);
store::event_declaration<plan_activated> declare(store::tag<plan_activated>);

}  // namespace nxg
