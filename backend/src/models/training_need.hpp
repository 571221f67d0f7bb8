#pragma once

#include "models/exercise.hpp"
#include "models/muscle_group.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

enum class training_goal : std::uint8_t { weight_loss, weight_gain, muscle_building, maintenance };
BOOST_DESCRIBE_ENUM(training_goal, weight_loss, weight_gain, muscle_building, maintenance)

/// What the member asked for beyond the profile.
struct plan_preferences {
  std::vector<muscle_group> focus_areas;
  /// Names or source ids of exercises the plan must not contain.
  std::vector<std::string> avoid_exercises;
  std::vector<equipment_kind> preferred_equipment;

  friend bool operator==(const plan_preferences&, const plan_preferences&) = default;
};
BOOST_DESCRIBE_STRUCT(plan_preferences, (), (focus_areas, avoid_exercises, preferred_equipment))

/// Everything a plan is made from, complete and checked. Holds no identifier of the member.
struct training_need {
  difficulty_level level = difficulty_level::beginner;
  training_goal goal = training_goal::maintenance;
  std::int32_t age_years = 0;
  double height_cm = 0;
  double weight_kg = 0;
  /// In the words of the profile ("moderately active"); empty when not given.
  std::string activity_level;
  /// 1 is Monday.
  std::optional<std::int32_t> rest_day;
  std::int32_t weekly_workout_days = 3;
  /// In the member's own words.
  std::vector<std::string> health_conditions;
  plan_preferences preferences;

  friend bool operator==(const training_need&, const training_need&) = default;
};
BOOST_DESCRIBE_STRUCT(training_need, (),
                      (level, goal, age_years, height_cm, weight_kg, activity_level, rest_day, weekly_workout_days,
                       health_conditions, preferences))

}  // namespace nxg
