#include "services/diets/rule_based_diet.hpp"

#include "models/weekday.hpp"
#include "models/words.hpp"
#include "services/diets/diet_rules.hpp"
#include "services/diets/dishes.hpp"
#include "services/diets/meal_portions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace nxg::diets {
namespace {

// Fewer make no week anybody would follow.
constexpr std::size_t fewest_breakfasts = 2;
constexpr std::size_t fewest_mains = 3;
constexpr std::size_t fewest_snacks = 2;
// A day that cannot come nearer to its energy is no plan.
constexpr double tolerance = 0.05;
constexpr double most_kcal_of_a_meal = 2000;

struct planned_slot {
  meal_type type = meal_type::breakfast;
  /// Of the day's energy.
  double share = 0;
};

std::vector<planned_slot> slots_of(std::int32_t meals) {
  using enum meal_type;
  switch (meals) {
    case 3: return {{breakfast, 0.30}, {lunch, 0.40}, {dinner, 0.30}};
    case 4: return {{breakfast, 0.27}, {lunch, 0.35}, {evening_snack, 0.10}, {dinner, 0.28}};
    case 6:
      return {{breakfast, 0.23},     {morning_snack, 0.09}, {lunch, 0.28},
              {evening_snack, 0.09}, {dinner, 0.23},        {snack, 0.08}};
    default: return {{breakfast, 0.25}, {morning_snack, 0.10}, {lunch, 0.30}, {evening_snack, 0.10}, {dinner, 0.25}};
  }
}

dish_slot slot_of(meal_type type) {
  switch (type) {
    case meal_type::breakfast: return dish_slot::breakfast;
    case meal_type::lunch:
    case meal_type::dinner: return dish_slot::main;
    case meal_type::morning_snack:
    case meal_type::evening_snack:
    case meal_type::snack: return dish_slot::snack;
  }
  return dish_slot::snack;
}

/// The dishes somebody may have, those of kitchens they like first.
class menu {
 public:
  menu(const diet_need& need, const avoidance& avoided, const std::vector<food>& foods) {
    for (const auto& one : foods) {
      if (is_proven_safe(one, avoided)) safe_.emplace(one.id, &one);
    }
    std::set<std::string> liked;
    for (const auto& [kind, words] : need.cuisines) {
      liked.insert(plain_words(kind));
      for (const auto& word : words) liked.insert(plain_words(word));
    }
    for (const auto& one : dishes()) {
      if (names_something_avoided(one.name, avoided) || !can_cook(one)) continue;
      auto& place = by_slot_[one.slot];
      const bool first = !one.cuisine.empty() && liked.contains(plain_words(one.cuisine));
      place.insert(first ? place.begin() : place.end(), &one);
    }
  }

  [[nodiscard]] bool is_enough(bool with_snacks) const {
    return count(dish_slot::breakfast) >= fewest_breakfasts && count(dish_slot::main) >= fewest_mains &&
           (!with_snacks || count(dish_slot::snack) >= fewest_snacks);
  }

  [[nodiscard]] const dish& nth(dish_slot slot, std::size_t n) const {
    const auto& some = by_slot_.at(slot);
    return *some[n % some.size()];
  }

  [[nodiscard]] std::vector<ingredient> ingredients_of(const dish& one) const {
    std::vector<ingredient> all;
    for (const auto& part : one.parts) {
      all.push_back({safe_.at(food_id_of_ndb(part.ndb_number)), part.grams, part.grams > 0, part.most_grams});
    }
    return all;
  }

 private:
  [[nodiscard]] std::size_t count(dish_slot slot) const {
    const auto found = by_slot_.find(slot);
    return found == by_slot_.end() ? 0 : found->second.size();
  }
  [[nodiscard]] bool can_cook(const dish& one) const {
    return std::ranges::all_of(one.parts,
                               [&](const dish_part& part) { return safe_.contains(food_id_of_ndb(part.ndb_number)); });
  }

  std::map<uuid, const food*> safe_;
  std::map<dish_slot, std::vector<const dish*>> by_slot_;
};

planned_meal cooked(const dish& recipe, std::vector<ingredient> parts, const planned_slot& slot, const intake& target,
                    std::int32_t order) {
  portion(parts, target);
  planned_meal meal;
  meal.meal_type = slot.type;
  meal.meal_order = order;
  meal.short_name = recipe.short_name;
  meal.meal_description = recipe.name;
  const char* separator = ": ";
  for (const auto& one : parts) {
    meal.foods.push_back({one.what->id, one.what->name, one.grams});
    meal.meal_description += fmt::format("{}{:.0f} g {}", separator, one.grams, one.what->name);
    separator = "; ";
  }
  const auto held = rounded(total_of(parts));
  meal.calories = held.energy_kcal;
  meal.nutrition = held;
  return meal;
}

// Snacks are small and mostly of one piece; a main dish can be made to hold what the others left.
std::vector<std::size_t> cooking_order(const std::vector<planned_slot>& slots) {
  std::vector<std::size_t> order(slots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_partition(order, [&](std::size_t i) { return slot_of(slots[i].type) == dish_slot::snack; });
  return order;
}

// Whatever a meal cannot hold, the next one that is cooked takes over.
diet_day cooked_day(std::int32_t number, const menu& from, const diet_need& need) {
  diet_day day{.day = number, .day_name = std::string{weekday_name(number)}, .meals = {}};
  const auto slots = slots_of(need.meals_per_day);
  day.meals.resize(slots.size());
  intake left = need.targets;
  double share_left = 1;
  std::size_t mains = static_cast<std::size_t>(number - 1) * 2;
  std::size_t snacks = static_cast<std::size_t>(number - 1) * 3;
  for (const auto i : cooking_order(slots)) {
    const auto& slot = slots[i];
    const auto kind = slot_of(slot.type);
    const auto n = kind == dish_slot::breakfast ? static_cast<std::size_t>(number - 1)
                   : kind == dish_slot::main    ? mains++
                                                : snacks++;
    const auto& recipe = from.nth(kind, n);
    auto target = left * std::min(1.0, slot.share / share_left);
    target.energy_kcal = std::min(target.energy_kcal, most_kcal_of_a_meal);
    day.meals[i] = cooked(recipe, from.ingredients_of(recipe), slot, target, static_cast<std::int32_t>(i) + 1);
    left = left - *day.meals[i].nutrition;
    share_left = std::max(0.001, share_left - slot.share);
  }
  return day;
}

bool is_near(const diet_day& day, double kcal) { return std::abs(day.total_calories() - kcal) <= tolerance * kcal; }

intake mean_of(const std::vector<diet_day>& days) {
  intake sum;
  for (const auto& day : days) {
    for (const auto& meal : day.meals) sum = sum + *meal.nutrition;
  }
  return rounded(sum * (1.0 / static_cast<double>(days.size())));
}

std::string name_of(training_goal goal) {
  switch (goal) {
    case training_goal::weight_loss: return "Plain food, weight loss";
    case training_goal::weight_gain: return "Plain food, weight gain";
    case training_goal::muscle_building: return "Plain food, muscle building";
    case training_goal::maintenance: return "Plain food, maintenance";
  }
  return "Plain food";
}

}  // namespace

uuid food_id_of_ndb(std::string_view ndb_number) { return food_id_of(std::string{"usda-sr28-"}.append(ndb_number)); }

const std::vector<uuid>& larder() {
  static const std::vector<uuid> ids = [] {
    std::set<uuid> once;
    for (const auto& one : dishes()) {
      for (const auto& part : one.parts) once.insert(food_id_of_ndb(part.ndb_number));
    }
    return std::vector<uuid>{once.begin(), once.end()};
  }();
  return ids;
}

std::expected<diet_content, std::string> make_rule_based_diet(const diet_need& need, const std::vector<food>& foods) {
  const auto avoided = avoidance_of(need.allergies, need.restrictions);
  if (!avoided.unknown.empty()) return std::unexpected{"an allergy is not understood"};
  if (!std::ranges::all_of(need.health_conditions, is_of_no_bearing)) {
    return std::unexpected{"a condition is not understood"};
  }
  const menu from{need, avoided, foods};
  if (!from.is_enough(need.meals_per_day > 3)) return std::unexpected{"too few foods are known to be safe"};
  diet_content content;
  content.plan_name = name_of(need.goal);
  content.target_weight_kg = need.target_weight_kg;
  for (std::int32_t number = 1; number <= 7; ++number) {
    content.days.push_back(cooked_day(number, from, need));
    if (!is_near(content.days.back(), need.targets.energy_kcal)) {
      return std::unexpected{"the safe foods do not come to the energy needed"};
    }
  }
  content.total_macros = mean_of(content.days);
  return content;
}

}  // namespace nxg::diets
