#pragma once

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The schemas of `contracts/wps.openapi.json`, as the service reads and writes them.
namespace nxg::sandbox::wps {

enum class difficulty : std::uint8_t { beginner, intermediate, advanced };
BOOST_DESCRIBE_ENUM(difficulty, beginner, intermediate, advanced)
enum class goal : std::uint8_t { weight_loss, weight_gain, muscle_building, maintenance };
BOOST_DESCRIBE_ENUM(goal, weight_loss, weight_gain, muscle_building, maintenance)
enum class muscle_group : std::uint8_t { chest, back, legs, shoulders, arms, core, cardio };
BOOST_DESCRIBE_ENUM(muscle_group, chest, back, legs, shoulders, arms, core, cardio)
enum class section : std::uint8_t { warmup, core, cooldown };
BOOST_DESCRIBE_ENUM(section, warmup, core, cooldown)

struct day_name_rule {
  static constexpr std::size_t min_length = 6;
  static constexpr std::size_t max_length = 9;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$";
  static constexpr std::string_view expectation = "must be a weekday such as Monday";
  static bool accept(std::string& text);
};
using day_name = schema::formatted<day_name_rule>;
/// 1 is Monday.
[[nodiscard]] std::int32_t number_of(const day_name& day);
[[nodiscard]] std::string name_of_day(std::int32_t number);

using short_text = schema::text<1, 60>;

struct user_profile {
  difficulty fitness_level = difficulty::beginner;
  wps::goal goal = wps::goal::maintenance;
  schema::bounded<std::int32_t, 13, 120> age;
  schema::bounded<double, 50.0, 300.0> height_cm;
  schema::bounded<double, 20.0, 500.0> weight_kg;
  std::optional<schema::text<0, 60>> activity_level;
  std::optional<schema::list<schema::text<1, 100>, 0, 50>> health_conditions;
  schema::bounded<std::int32_t, 1, 7> weekly_workout_days;
  std::optional<day_name> rest_day;
};
BOOST_DESCRIBE_STRUCT(user_profile, (),
                      (fitness_level, goal, age, height_cm, weight_kg, activity_level, health_conditions,
                       weekly_workout_days, rest_day))

struct preferences {
  std::optional<schema::list<muscle_group, 0, 7>> focus_areas;
  std::optional<schema::list<short_text, 0, 50>> avoid_exercises;
  std::optional<schema::list<short_text, 0, 12>> preferred_equipment;
};
BOOST_DESCRIBE_STRUCT(preferences, (), (focus_areas, avoid_exercises, preferred_equipment))

struct plan_request {
  wps::user_profile user_profile;
  std::optional<wps::preferences> preferences;
};
BOOST_DESCRIBE_STRUCT(plan_request, (), (user_profile, preferences))

struct planned_exercise {
  std::string exercise_id;
  std::string name;
  section category_type = section::core;
  std::int32_t sets = 1;
  std::optional<std::string> reps;
  std::optional<std::int32_t> duration_seconds;
  std::int32_t rest_time = 60;
  std::string muscle_group;
  std::optional<std::string> equipment;
  wps::difficulty difficulty = wps::difficulty::beginner;
};
BOOST_DESCRIBE_STRUCT(planned_exercise, (),
                      (exercise_id, name, category_type, sets, reps, duration_seconds, rest_time, muscle_group,
                       equipment, difficulty))

struct workout_day {
  std::string day_name;
  std::string muscle_group;
  std::optional<std::int32_t> estimated_duration = {};
  bool is_rest_day = false;
  std::optional<std::string> notes = {};
  std::vector<planned_exercise> exercises = {};
};
BOOST_DESCRIBE_STRUCT(workout_day, (), (day_name, muscle_group, estimated_duration, is_rest_day, notes, exercises))

struct workout_plan {
  std::string plan_id;
  std::string plan_name;
  std::int32_t weekly_schedule = 0;
  difficulty difficulty_level = difficulty::beginner;
  std::int32_t plan_duration = 4;
  std::vector<workout_day> workout_days;
};
BOOST_DESCRIBE_STRUCT(workout_plan, (),
                      (plan_id, plan_name, weekly_schedule, difficulty_level, plan_duration, workout_days))

struct listed_exercise {
  std::string exercise_id;
  std::string name;
  wps::muscle_group muscle_group = wps::muscle_group::core;
  std::optional<std::string> equipment;
  wps::difficulty difficulty = wps::difficulty::beginner;
  std::string category;
};
BOOST_DESCRIBE_STRUCT(listed_exercise, (), (exercise_id, name, muscle_group, equipment, difficulty, category))

struct exercise_page {
  std::vector<listed_exercise> exercises;
  std::int64_t total = 0;
};
BOOST_DESCRIBE_STRUCT(exercise_page, (), (exercises, total))

struct exercise_query {
  std::optional<wps::muscle_group> muscle_group;
  schema::bounded<std::int32_t, 1, 500> limit = 100;
  schema::bounded<std::int32_t, 0, 100000> offset = 0;
  static constexpr std::string_view optional_fields[] = {"limit", "offset"};
};
BOOST_DESCRIBE_STRUCT(exercise_query, (), (muscle_group, limit, offset))

struct week_template {
  std::string template_id;
  std::int32_t weekly_schedule = 0;
  std::vector<std::string> days;
};
BOOST_DESCRIBE_STRUCT(week_template, (), (template_id, weekly_schedule, days))

struct template_list {
  std::vector<week_template> templates;
};
BOOST_DESCRIBE_STRUCT(template_list, (), (templates))

}  // namespace nxg::sandbox::wps
