#include "models/meal_type.hpp"

#include <gtest/gtest.h>

namespace nxg {
namespace {

using namespace std::chrono_literals;

TEST(meal_type, three_vocabularies_name_the_meals_of_a_day) {
  EXPECT_EQ(meal_type_named("Breakfast"), meal_type::breakfast);
  EXPECT_EQ(meal_type_named("snack 1"), meal_type::morning_snack);
  EXPECT_EQ(meal_type_named("Snack 2"), meal_type::evening_snack);
  EXPECT_EQ(meal_type_named("SNACK"), meal_type::snack);
  EXPECT_EQ(meal_type_named("morning_snack"), meal_type::morning_snack);
  EXPECT_EQ(meal_type_named("eveningSnack"), std::nullopt);
  EXPECT_EQ(meal_type_named("elevenses"), std::nullopt);
  EXPECT_EQ(meal_type_named(""), std::nullopt);
}

TEST(meal_type, what_plans_say_names_the_same_meal_again) {
  for (const auto type : {meal_type::breakfast, meal_type::morning_snack, meal_type::lunch, meal_type::evening_snack,
                          meal_type::dinner}) {
    EXPECT_EQ(meal_type_named(plan_name_of(type)), type);
  }
}

TEST(meal_type, every_hour_has_its_usual_meal) {
  EXPECT_EQ(usual_meal_at(3h + 59min), meal_type::snack);
  EXPECT_EQ(usual_meal_at(7h), meal_type::breakfast);
  EXPECT_EQ(usual_meal_at(10h), meal_type::morning_snack);
  EXPECT_EQ(usual_meal_at(13h), meal_type::lunch);
  EXPECT_EQ(usual_meal_at(16h), meal_type::evening_snack);
  EXPECT_EQ(usual_meal_at(20h), meal_type::dinner);
  EXPECT_EQ(usual_meal_at(23h), meal_type::snack);
}

}  // namespace
}  // namespace nxg
