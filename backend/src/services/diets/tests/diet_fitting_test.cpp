#include "services/diets/diet_fitting.hpp"

#include "services/diets/diet_rules.hpp"

#include <gtest/gtest.h>

namespace nxg::diets {
namespace {

integrations::outside_diet week_with(std::string meal) {
  integrations::outside_diet made;
  made.target_weight_kg = 70;
  made.total_macros = {1900, 220, 120, 60, 27};
  for (std::int32_t day = 1; day <= 2; ++day) {
    diet_day one;
    one.day = day;
    planned_meal entry;
    entry.meal_type = meal_type::lunch;
    entry.meal_description = day == 1 ? "Rice with lentils and spinach" : meal;
    entry.short_name = "Lunch";
    entry.calories = 1900;
    one.meals = {entry};
    made.days.push_back(one);
  }
  return made;
}

TEST(fit_diet, refuses_a_week_with_one_meal_that_names_an_allergen) {
  diet_need need;
  need.allergies = {"peanuts"};
  EXPECT_TRUE(fit_diet(week_with("Chicken with potatoes"), need));
  EXPECT_FALSE(fit_diet(week_with("Chicken satay with rice"), need));
  need.allergies = {"dairy"};
  EXPECT_FALSE(fit_diet(week_with("Paneer tikka with rice"), need));
  EXPECT_FALSE(fit_diet(week_with("Potato gratin"), need));
}

TEST(fit_diet, looks_for_the_very_words_of_an_allergy_nobody_understands) {
  diet_need need;
  need.allergies = {"Kiwi fruit"};
  EXPECT_FALSE(fit_diet(week_with("Salad of kiwi fruits and apples"), need));
  EXPECT_TRUE(fit_diet(week_with("Apples"), need));
}

TEST(fit_diet, refuses_what_breaks_a_restriction) {
  diet_need need;
  need.restrictions = {dietary_restriction::vegetarian};
  EXPECT_FALSE(fit_diet(week_with("Beef stew"), need));
  EXPECT_FALSE(fit_diet(week_with("Tuna salad"), need));
  EXPECT_TRUE(fit_diet(week_with("Chickpeas with spinach"), need));
  need.restrictions = {dietary_restriction::vegan};
  EXPECT_FALSE(fit_diet(week_with("Omelette"), need));
  need.restrictions = {dietary_restriction::halal};
  EXPECT_FALSE(fit_diet(week_with("Ham with potatoes"), need));
}

TEST(fit_diet, repeats_the_days_that_were_left_out) {
  const auto content = fit_diet(week_with("Apples"), {});
  ASSERT_TRUE(content);
  ASSERT_EQ(content->days.size(), 7U);
  EXPECT_EQ(content->days[2].meals[0].meal_description, content->days[0].meals[0].meal_description);
  EXPECT_EQ(content->days[6].day_name, "Sunday");
}

TEST(still_suits, heeds_an_allergy_that_is_new) {
  diet_need need;
  auto content = *fit_diet(week_with("Rice with prawns"), need);
  EXPECT_TRUE(still_suits(content, need.allergies, need.restrictions));
  need.allergies = {"shellfish"};
  EXPECT_FALSE(still_suits(content, need.allergies, need.restrictions));
  need.allergies = {"something unknown"};
  EXPECT_FALSE(still_suits(content, need.allergies, need.restrictions));
}

}  // namespace
}  // namespace nxg::diets
