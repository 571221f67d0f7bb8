#include "services/diets/meal_library.hpp"

#include "services/diets/diet_rules.hpp"
#include "services/diets/meal_portions.hpp"
#include "services/diets/rule_based_diet.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace nxg::diets {
namespace {

constexpr std::array every_restriction{
    dietary_restriction::vegetarian,  dietary_restriction::vegan,      dietary_restriction::pescatarian,
    dietary_restriction::gluten_free, dietary_restriction::dairy_free, dietary_restriction::egg_free,
    dietary_restriction::nut_free,    dietary_restriction::soy_free,   dietary_restriction::no_pork,
    dietary_restriction::no_beef,     dietary_restriction::halal,      dietary_restriction::kosher};

// An ordinary portion: a quarter of 2,000 kcal for breakfast, 600 kcal for a main meal, 200 kcal between; half of the
// energy from carbohydrates, a fifth from protein, the rest from fat.
intake ordinary(dish_slot slot) {
  const double kcal = slot == dish_slot::main ? 600 : slot == dish_slot::breakfast ? 450 : 200;
  return {kcal, kcal * 0.5 / 4, kcal * 0.2 / 4, kcal * 0.3 / 9, 0};
}

std::optional<library_meal> cooked(const dish& recipe, const std::map<uuid, const food*>& known) {
  std::vector<ingredient> parts;
  for (const auto& part : recipe.parts) {
    const auto found = known.find(food_id_of_ndb(part.ndb_number));
    if (found == known.end()) return std::nullopt;
    parts.push_back({found->second, part.grams, part.grams > 0, part.most_grams});
  }
  library_meal meal;
  meal.name = recipe.name;
  meal.short_name = recipe.short_name;
  meal.slot = recipe.slot;
  meal.cuisine = recipe.cuisine;
  foods::allergen_set inside;
  for (const auto& one : parts) inside.add(foods::allergen_set::of(one.what->allergens));
  for (const auto rule : every_restriction) {
    const auto avoided = avoidance_of({}, {rule});
    const bool kept = std::ranges::all_of(parts, [&](const auto& one) { return is_proven_safe(*one.what, avoided); });
    if (kept && !names_something_avoided(recipe.name, avoided)) meal.suits.push_back(rule);
  }
  portion(parts, ordinary(recipe.slot));
  for (const auto& one : parts) meal.foods.push_back({one.what->id, one.what->name, one.grams});
  meal.nutrition = rounded(total_of(parts));
  meal.allergens = inside.list();
  return meal;
}

}  // namespace

task<std::vector<library_meal>> meal_library(repositories::foods& from) {
  const auto stored = co_await from.find_all(larder());
  std::map<uuid, const food*> known;
  for (const auto& one : stored) known.emplace(one.id, &one);
  std::vector<library_meal> meals;
  for (const auto& recipe : dishes()) {
    if (auto meal = cooked(recipe, known)) meals.push_back(std::move(*meal));
  }
  std::ranges::sort(meals, {}, &library_meal::name);
  co_return meals;
}

}  // namespace nxg::diets
