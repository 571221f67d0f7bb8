#include "services/diets/rule_based_diet.hpp"

#include "services/diets/diet_rules.hpp"
#include "services/diets/tests/larder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

namespace nxg::diets {
namespace {

diet_need need_of(double kcal) {
  diet_need need;
  need.age_years = 35;
  need.height_cm = 175;
  need.weight_kg = 75;
  need.target_weight_kg = 75;
  need.targets = {kcal, kcal * 0.47 / 4, kcal * 0.25 / 4, kcal * 0.28 / 9, kcal * 0.014};
  return need;
}

void expect_sound(const diet_content& content, const diet_need& need) {
  ASSERT_EQ(content.days.size(), 7U);
  for (const auto& day : content.days) {
    EXPECT_EQ(day.meals.size(), static_cast<std::size_t>(need.meals_per_day));
    EXPECT_NEAR(day.total_calories(), need.targets.energy_kcal, 0.05 * need.targets.energy_kcal) << day.day_name;
    std::int32_t order = 0;
    for (const auto& meal : day.meals) {
      EXPECT_EQ(meal.meal_order, ++order);
      EXPECT_LE(meal.calories, 2000);
      EXPECT_FALSE(meal.foods.empty());
    }
  }
}

TEST(larder, is_in_the_database_and_known_whole) {
  const auto& foods = real_larder();
  EXPECT_EQ(foods.size(), larder().size());
  for (const auto& one : foods) EXPECT_TRUE(one.allergens_complete) << one.name;
}

TEST(rule_based_diet, comes_to_the_targets) {
  for (const double kcal : {1200.0, 1800.0, 2500.0, 3500.0}) {
    for (std::int32_t meals = 3; meals <= 6; ++meals) {
      auto need = need_of(kcal);
      need.meals_per_day = meals;
      const auto made = make_rule_based_diet(need, real_larder());
      ASSERT_TRUE(made) << kcal << " kcal, " << meals << " meals: " << made.error();
      expect_sound(*made, need);
      const auto& total = made->total_macros;
      EXPECT_NEAR(total.protein_g, need.targets.protein_g, 0.25 * need.targets.protein_g) << kcal;
      EXPECT_NEAR(total.carbs_g, need.targets.carbs_g, 0.30 * need.targets.carbs_g) << kcal;
      EXPECT_NEAR(total.fat_g, need.targets.fat_g, 0.35 * need.targets.fat_g) << kcal;
    }
  }
}

TEST(rule_based_diet, is_the_same_for_the_same_need_and_not_the_same_every_day) {
  const auto need = need_of(2000);
  const auto one = make_rule_based_diet(need, real_larder());
  const auto two = make_rule_based_diet(need, real_larder());
  ASSERT_TRUE(one && two);
  std::set<std::string> lunches;
  for (std::size_t day = 0; day < 7; ++day) {
    for (std::size_t meal = 0; meal < one->days[day].meals.size(); ++meal) {
      EXPECT_EQ(one->days[day].meals[meal].meal_description, two->days[day].meals[meal].meal_description);
      if (one->days[day].meals[meal].meal_type == meal_type::lunch)
        lunches.insert(one->days[day].meals[meal].short_name);
    }
  }
  EXPECT_GE(lunches.size(), 4U);
}

// What each word stands for, said apart from the table that the plan is made with.
struct allergy {
  const char* word;
  std::set<allergen> means;
};
const std::vector<allergy> allergies{{"gluten", {allergen::gluten}},
                                     {"wheat", {allergen::gluten}},
                                     {"shellfish", {allergen::crustacean, allergen::mollusc}},
                                     {"eggs", {allergen::egg}},
                                     {"fish", {allergen::fish}},
                                     {"peanuts", {allergen::peanut}},
                                     {"soy", {allergen::soy}},
                                     {"milk", {allergen::milk}},
                                     {"lactose intolerance", {allergen::milk}},
                                     {"nuts", {allergen::tree_nuts, allergen::peanut}},
                                     {"almonds", {allergen::tree_nuts}},
                                     {"celery", {allergen::celery}},
                                     {"mustard", {allergen::mustard}},
                                     {"sesame", {allergen::sesame}},
                                     {"sulphites", {allergen::sulphite}},
                                     {"lupin", {allergen::lupin}}};

const std::vector<dietary_restriction> restrictions{dietary_restriction::vegetarian,  dietary_restriction::vegan,
                                                    dietary_restriction::pescatarian, dietary_restriction::gluten_free,
                                                    dietary_restriction::dairy_free,  dietary_restriction::nut_free,
                                                    dietary_restriction::no_pork,     dietary_restriction::no_beef,
                                                    dietary_restriction::halal,       dietary_restriction::kosher};

bool is_meat(food_group group) {
  return group == food_group::beef || group == food_group::pork || group == food_group::poultry ||
         group == food_group::lamb_veal_game;
}

void expect_kept(const food& one, const std::set<allergen>& never, const std::vector<dietary_restriction>& rules) {
  for (const auto in_it : one.allergens) EXPECT_FALSE(never.contains(in_it)) << one.name;
  for (const auto rule : rules) {
    const bool animal_free = rule == dietary_restriction::vegetarian || rule == dietary_restriction::vegan;
    if (animal_free) {
      EXPECT_FALSE(is_meat(one.group) || one.group == food_group::fish_and_shellfish) << one.name;
    }
    if (rule == dietary_restriction::vegan) {
      EXPECT_NE(one.group, food_group::dairy_and_eggs) << one.name;
    }
    if (rule == dietary_restriction::pescatarian) {
      EXPECT_FALSE(is_meat(one.group)) << one.name;
    }
    if (rule == dietary_restriction::no_pork || rule == dietary_restriction::halal ||
        rule == dietary_restriction::kosher) {
      EXPECT_NE(one.group, food_group::pork) << one.name;
    }
    if (rule == dietary_restriction::no_beef) {
      EXPECT_NE(one.group, food_group::beef) << one.name;
    }
  }
}

TEST(rule_based_diet, never_holds_a_listed_allergen_nor_breaks_a_restriction) {
  std::map<uuid, const food*> by_id;
  for (const auto& one : real_larder()) by_id.emplace(one.id, &one);
  std::mt19937 random{20261127};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  int made_plans = 0;
  for (int round = 0; round < 300; ++round) {
    auto need = need_of(1200 + static_cast<double>(below(2600)));
    need.meals_per_day = 3 + static_cast<std::int32_t>(below(4));
    std::set<allergen> never;
    for (std::size_t i = below(5); i > 0; --i) {
      const auto& one = allergies[below(allergies.size())];
      need.allergies.emplace_back(one.word);
      never.insert(one.means.begin(), one.means.end());
    }
    if (below(2) == 0) need.restrictions.push_back(restrictions[below(restrictions.size())]);
    const auto made = make_rule_based_diet(need, real_larder());
    if (!made) continue;
    ++made_plans;
    expect_sound(*made, need);
    const auto avoided = avoidance_of(need.allergies, need.restrictions);
    for (const auto& day : made->days) {
      for (const auto& meal : day.meals) {
        EXPECT_FALSE(names_something_avoided(meal.meal_description, avoided)) << meal.meal_description;
        for (const auto& part : meal.foods) {
          ASSERT_TRUE(by_id.contains(part.food_id));
          expect_kept(*by_id.at(part.food_id), never, need.restrictions);
        }
      }
    }
  }
  // Failing closed is right, failing always is not.
  EXPECT_GT(made_plans, 240);
}

TEST(rule_based_diet, is_not_given_where_it_proves_nothing) {
  auto need = need_of(2000);
  need.allergies = {"kiwi"};
  EXPECT_FALSE(make_rule_based_diet(need, real_larder()));
  need.allergies = {"something nobody has heard of"};
  EXPECT_FALSE(make_rule_based_diet(need, real_larder()));
  need.allergies = {};
  need.health_conditions = {"chronic kidney disease"};
  EXPECT_FALSE(make_rule_based_diet(need, real_larder()));
  need.health_conditions = {"knee pain"};
  EXPECT_TRUE(make_rule_based_diet(need, real_larder()));
  EXPECT_FALSE(make_rule_based_diet(need, {})) << "no foods were imported";
  auto unknown = real_larder();
  for (auto& one : unknown) one.allergens_complete = false;
  EXPECT_FALSE(make_rule_based_diet(need, unknown));
}

TEST(rule_based_diet, begins_with_the_kitchens_that_are_liked) {
  auto need = need_of(2000);
  need.cuisines = {{"Indian", {"Paneer"}}};
  const auto made = make_rule_based_diet(need, real_larder());
  ASSERT_TRUE(made);
  const std::set<std::string> indian{"Dal and rice", "Chana and rice", "Rajma and rice"};
  EXPECT_TRUE(indian.contains(made->days[0].meals[2].short_name)) << made->days[0].meals[2].short_name;
}

}  // namespace
}  // namespace nxg::diets
