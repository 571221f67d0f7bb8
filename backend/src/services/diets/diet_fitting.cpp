#include "services/diets/diet_fitting.hpp"

#include "models/weekday.hpp"
#include "models/words.hpp"
#include "services/diets/diet_rules.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nxg::diets {
namespace {

constexpr double rounding_kg = 1;

/// Also where it cannot be told.
bool may_name_something_avoided(std::string_view text, const avoidance& avoided) {
  return !in_plain_letters(text) || names_something_avoided(text, avoided);
}

bool is_avoided(const planned_meal& meal, const avoidance& avoided) {
  if (avoided.allergens.empty() && avoided.unknown.empty() && avoided.restrictions.empty()) return false;
  return may_name_something_avoided(meal.meal_description, avoided) ||
         may_name_something_avoided(meal.short_name, avoided);
}

bool has_avoided(const std::vector<diet_day>& days, const avoidance& avoided) {
  return std::ranges::any_of(days, [&](const diet_day& day) {
    return std::ranges::any_of(day.meals, [&](const planned_meal& meal) { return is_avoided(meal, avoided); });
  });
}

std::string name_of(training_goal goal) {
  switch (goal) {
    case training_goal::weight_loss: return "Weight loss";
    case training_goal::weight_gain: return "Weight gain";
    case training_goal::muscle_building: return "Muscle building";
    case training_goal::maintenance: return "Maintenance";
  }
  return "Maintenance";
}

std::vector<diet_day> whole_week(const std::vector<diet_day>& given) {
  std::vector<diet_day> week;
  for (std::int32_t number = 1; number <= 7; ++number) {
    const auto own = std::ranges::find(given, number, &diet_day::day);
    auto day = own != given.end() ? *own : given[static_cast<std::size_t>(number - 1) % given.size()];
    day.day = number;
    day.day_name = weekday_name(number);
    week.push_back(std::move(day));
  }
  return week;
}

}  // namespace

std::expected<diet_content, std::string> fit_diet(const integrations::outside_diet& made, const diet_need& need) {
  if (made.days.empty()) return std::unexpected{"no days"};
  const auto avoided = avoidance_of(need.allergies, need.restrictions);
  if (has_avoided(made.days, avoided)) return std::unexpected{"a meal holds what is to be avoided"};
  if (std::abs(made.target_weight_kg - need.target_weight_kg) > rounding_kg)
    return std::unexpected{"it is for another target weight"};
  diet_content content;
  content.plan_name = name_of(need.goal);
  content.target_weight_kg = need.target_weight_kg;
  content.total_macros = made.total_macros;
  content.days = whole_week(made.days);
  return content;
}

bool still_suits(const diet_content& content, const std::vector<std::string>& allergies,
                 const std::vector<dietary_restriction>& restrictions) {
  const auto avoided = avoidance_of(allergies, restrictions);
  // What is not understood can only be looked for in words; a plan made for the same allergies has passed that.
  if (!avoided.unknown.empty() && content.basis.allergies != allergies) return false;
  return !has_avoided(content.days, avoided);
}

}  // namespace nxg::diets
