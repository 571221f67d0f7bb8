#pragma once

#include "models/diet_preferences.hpp"
#include "models/intake.hpp"
#include "models/meal_type.hpp"
#include "models/training_need.hpp"
#include "models/user.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// So much of a food of the database.
struct planned_food {
  uuid food_id;
  std::string name;
  double grams = 0;
};
BOOST_DESCRIBE_STRUCT(planned_food, (), (food_id, name, grams))

struct planned_meal {
  nxg::meal_type meal_type = nxg::meal_type::breakfast;
  /// From 1, in the order of the day.
  std::int32_t meal_order = 1;
  std::string meal_description;
  std::string short_name;
  double calories = 0;
  /// Absent where the planning service told the energy alone.
  std::optional<intake> nutrition;
  /// What it is made of; empty for meals the planning service put into words.
  std::vector<planned_food> foods;
};
BOOST_DESCRIBE_STRUCT(planned_meal, (),
                      (meal_type, meal_order, meal_description, short_name, calories, nutrition, foods))

struct diet_day {
  /// 1 is Monday.
  std::int32_t day = 1;
  std::string day_name;
  std::vector<planned_meal> meals;

  [[nodiscard]] double total_calories() const noexcept;
};
BOOST_DESCRIBE_STRUCT(diet_day, (), (day, day_name, meals))

/// What a member asks for when asking for a diet plan; what is absent is as the profile says.
struct diet_wishes {
  std::optional<double> target_weight_kg;
  std::vector<dietary_restriction> restrictions;
  std::vector<std::string> cuisines;
  std::int32_t meals_per_day = 5;

  friend bool operator==(const diet_wishes&, const diet_wishes&) = default;
};
BOOST_DESCRIBE_STRUCT(diet_wishes, (), (target_weight_kg, restrictions, cuisines, meals_per_day))

/// What of the member a plan was made for; when it changes, a new plan is due.
struct diet_basis {
  training_goal goal = training_goal::maintenance;
  std::optional<double> target_weight_kg;
  std::vector<dietary_restriction> restrictions;
  /// In the member's own words.
  std::vector<std::string> allergies;
  std::map<std::string, std::vector<std::string>> cuisines;
  std::int32_t meals_per_day = 5;

  friend bool operator==(const diet_basis&, const diet_basis&) = default;
};
BOOST_DESCRIBE_STRUCT(diet_basis, (), (goal, target_weight_kg, restrictions, allergies, cuisines, meals_per_day))

/// What a plan says. Sealed where it is kept: what somebody must not eat is in it.
struct diet_content {
  std::string plan_name;
  std::optional<double> target_weight_kg;
  /// Of a day.
  intake total_macros;
  std::vector<diet_day> days;
  diet_basis basis;
  /// What its member asked for, for its successor.
  diet_wishes wishes;
};
BOOST_DESCRIBE_STRUCT(diet_content, (), (plan_name, target_weight_kg, total_macros, days, basis, wishes))

/// A member's diet plan. Written once; only its state and the times of its refresh change afterwards.
struct diet_plan {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  plan_state state = plan_state::next;
  plan_source source = plan_source::rules;
  schema::encrypted<diet_content> content;
  instant created_at{};
  /// Until then asking again gives this plan.
  instant fresh_until{};
  /// From then on a new one is due; this one stays until it is there.
  instant next_refresh_at{};
  /// When the refresh was tried last, in vain; apart from when it is due.
  std::optional<instant> last_attempt_at;
  /// When it left force.
  std::optional<instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(diet_plan, (),
                      (id, version, member_id, state, source, content, created_at, fresh_until, next_refresh_at,
                       last_attempt_at, ended_at))

/// A diet plan has become the active one of its member.
struct diet_plan_activated {
  uuid plan_id;
  uuid member_id;
  plan_source source = plan_source::rules;
};
BOOST_DESCRIBE_STRUCT(diet_plan_activated, (), (plan_id, member_id, source))

store::declaration<diet_plan> declare(store::tag<diet_plan>);
store::event_declaration<diet_plan_activated> declare(store::tag<diet_plan_activated>);

}  // namespace nxg
