#pragma once

#include "models/diet_plan.hpp"
#include "models/user.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// Everything a diet plan is made from, complete and checked. Holds no identifier of the member.
struct diet_need {
  training_goal goal = training_goal::maintenance;
  std::int32_t age_years = 0;
  nxg::gender gender = nxg::gender::other;
  double height_cm = 0;
  double weight_kg = 0;
  double target_weight_kg = 0;
  double bmi = 0;
  /// In the words of the profile ("moderately active"); empty when not given.
  std::string activity_level;
  /// In the member's own words.
  std::vector<std::string> allergies;
  std::vector<std::string> health_conditions;
  std::vector<dietary_restriction> restrictions;
  std::map<std::string, std::vector<std::string>> cuisines;
  std::int32_t meals_per_day = 5;
  /// Of a day, by the gym's formulas.
  intake targets;

  friend bool operator==(const diet_need&, const diet_need&) = default;
};
BOOST_DESCRIBE_STRUCT(diet_need, (),
                      (goal, age_years, gender, height_cm, weight_kg, target_weight_kg, bmi, activity_level, allergies,
                       health_conditions, restrictions, cuisines, meals_per_day, targets))

}  // namespace nxg
