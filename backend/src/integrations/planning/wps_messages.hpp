#pragma once

#include "models/exercise.hpp"
#include "models/muscle_group.hpp"
#include "models/training_need.hpp"
#include "models/workout_plan.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What goes over the wire to and from the workout planning service: the schemas of
/// `simulators/contracts/wps.openapi.json`, with its bounds.
namespace nxg::integrations::wps {

struct user_profile {
  difficulty_level fitness_level = difficulty_level::beginner;
  training_goal goal = training_goal::maintenance;
  std::int32_t age = 0;
  double height_cm = 0;
  double weight_kg = 0;
  std::optional<std::string> activity_level;
  std::vector<std::string> health_conditions;
  std::int32_t weekly_workout_days = 0;
  std::optional<std::string> rest_day;
};
BOOST_DESCRIBE_STRUCT(user_profile, (),
                      (fitness_level, goal, age, height_cm, weight_kg, activity_level, health_conditions,
                       weekly_workout_days, rest_day))

struct preferences {
  std::vector<muscle_group> focus_areas;
  std::vector<std::string> avoid_exercises;
  std::vector<std::string> preferred_equipment;
};
BOOST_DESCRIBE_STRUCT(preferences, (), (focus_areas, avoid_exercises, preferred_equipment))

struct plan_request {
  wps::user_profile user_profile;
  wps::preferences preferences;
};
BOOST_DESCRIBE_STRUCT(plan_request, (), (user_profile, preferences))

struct planned_exercise {
  schema::text<1, 100> exercise_id;
  schema::text<1, 100> name;
  std::optional<plan_section> category_type;
  schema::bounded<std::int32_t, 1, 20> sets;
  std::optional<schema::text<1, 20>> reps;
  std::optional<schema::bounded<std::int32_t, 1, 7200>> duration_seconds;
  std::optional<schema::bounded<double, 0.0, 1000.0>> weight;
  std::optional<schema::bounded<std::int32_t, 15, 600>> rest_time;
  std::optional<schema::text<0, 200>> notes;
  std::optional<schema::text<0, 60>> muscle_group;
  std::optional<schema::text<0, 60>> equipment;
  std::optional<difficulty_level> difficulty;

  static void check(const planned_exercise& read, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(planned_exercise, (),
                      (exercise_id, name, category_type, sets, reps, duration_seconds, weight, rest_time, notes,
                       muscle_group, equipment, difficulty))

struct workout_day {
  schema::text<6, 9> day_name;
  schema::text<1, 100> muscle_group;
  std::optional<schema::bounded<std::int32_t, 15, 300>> estimated_duration;
  std::optional<bool> is_rest_day;
  std::optional<schema::text<0, 500>> notes;
  schema::list<planned_exercise, 0, 30> exercises;

  static void check(const workout_day& read, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(workout_day, (), (day_name, muscle_group, estimated_duration, is_rest_day, notes, exercises))

struct workout_plan {
  schema::text<1, 100> plan_id;
  schema::text<1, 100> plan_name;
  schema::bounded<std::int32_t, 1, 7> weekly_schedule;
  nxg::difficulty_level difficulty_level = nxg::difficulty_level::beginner;
  schema::bounded<std::int32_t, 1, 52> plan_duration;
  schema::list<workout_day, 1, 7> workout_days;

  static void check(const workout_plan& read, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(workout_plan, (),
                      (plan_id, plan_name, weekly_schedule, difficulty_level, plan_duration, workout_days))

struct repetitions {
  std::int32_t min = 0;
  std::int32_t max = 0;
};
/// "10" or "8-12", each 1 to 500. Nothing for anything else.
[[nodiscard]] std::optional<repetitions> parse_repetitions(std::string_view text);

}  // namespace nxg::integrations::wps
