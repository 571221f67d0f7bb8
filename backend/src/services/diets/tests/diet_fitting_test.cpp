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

diet_need of_seventy_kilograms() {
  diet_need need;
  need.target_weight_kg = 70;
  return need;
}

TEST(fit_diet, refuses_a_week_with_one_meal_that_names_an_allergen) {
  auto need = of_seventy_kilograms();
  need.allergies = {"peanuts"};
  EXPECT_TRUE(fit_diet(week_with("Chicken with potatoes"), need));
  EXPECT_FALSE(fit_diet(week_with("Chicken satay with rice"), need));
  need.allergies = {"dairy"};
  EXPECT_FALSE(fit_diet(week_with("Paneer tikka with rice"), need));
  EXPECT_FALSE(fit_diet(week_with("Potato gratin"), need));
}

TEST(fit_diet, reads_accents_and_refuses_what_it_cannot_read) {
  auto need = of_seventy_kilograms();
  need.allergies = {"peanut"};
  for (const auto* text : {"P\u00e9an\u00fbt toast", "Pe\u0301anut toast", "\u043a\u0443\u0440\u0438\u0446\u0430",
                           "\u82b1\u751f", "P\u0435anut", "\uff50\uff45anut", "Pea\u200bnut", "\u202etunaep"}) {
    EXPECT_FALSE(fit_diet(week_with(text), need)) << text;
  }
  EXPECT_TRUE(fit_diet(week_with("Saut\u00e9ed chicken \u2013 \u00bd cup of rice, cr\u00e8me fra\u00eeche"), need));
  EXPECT_TRUE(fit_diet(week_with("\u043a\u0443\u0440\u0438\u0446\u0430"), of_seventy_kilograms()))
      << "for who avoids nothing";
}

TEST(fit_diet, is_for_the_weight_that_was_asked_for) {
  diet_need need;
  need.target_weight_kg = 78;
  EXPECT_FALSE(fit_diet(week_with("Apples"), need));
  need.target_weight_kg = 70.4;
  EXPECT_EQ(fit_diet(week_with("Apples"), need)->target_weight_kg, 70.4);
}

TEST(fit_diet, looks_for_the_very_words_of_an_allergy_nobody_understands) {
  auto need = of_seventy_kilograms();
  need.allergies = {"Kiwi fruit"};
  EXPECT_FALSE(fit_diet(week_with("Salad of kiwi fruits and apples"), need));
  EXPECT_TRUE(fit_diet(week_with("Apples"), need));
  need.allergies = {"C\u00e9leri-rave \U0001F927", "S\u00fc\u00dfkartoffel"};
  EXPECT_FALSE(fit_diet(week_with("Pur\u00e9e de c\u00e9leri-rave"), need));
  EXPECT_FALSE(fit_diet(week_with("Apples with S\u00fc\u00dfkartoffel"), need));
  EXPECT_TRUE(fit_diet(week_with("Apples"), need));
}

TEST(fit_diet, refuses_what_breaks_a_restriction) {
  auto need = of_seventy_kilograms();
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
  const auto content = fit_diet(week_with("Apples"), of_seventy_kilograms());
  ASSERT_TRUE(content);
  ASSERT_EQ(content->days.size(), 7U);
  EXPECT_EQ(content->days[2].meals[0].meal_description, content->days[0].meals[0].meal_description);
  EXPECT_EQ(content->days[6].day_name, "Sunday");
}

TEST(still_suits, heeds_an_allergy_that_is_new) {
  auto need = of_seventy_kilograms();
  auto content = *fit_diet(week_with("Rice with prawns"), need);
  EXPECT_TRUE(still_suits(content, need.allergies, need.restrictions));
  need.allergies = {"shellfish"};
  EXPECT_FALSE(still_suits(content, need.allergies, need.restrictions));
  need.allergies = {"something unknown"};
  EXPECT_FALSE(still_suits(content, need.allergies, need.restrictions));
}

}  // namespace
}  // namespace nxg::diets
