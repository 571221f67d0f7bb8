#include "services/body/macros.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::body {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

macro_basis of_man() {
  return {.body = {.weight_kg = 80, .height_cm = 180, .age_years = 30, .sex = body_sex::male},
          .activity_level = activity_level::moderately_active,
          .goal = training_goal::maintenance,
          .target_weight_kg = 75,
          .bmr = formula_id::bmr_mifflin_st_jeor};
}

TEST(macro_targets, follow_the_rule_of_the_goal) {
  const auto targets = macro_targets_of(of_man());
  EXPECT_EQ(targets.calories, 2759);
  EXPECT_EQ(targets.protein_g, 120);
  EXPECT_EQ(targets.fat_g, 86);     // 28 % of 2759 / 9
  EXPECT_EQ(targets.carbs_g, 377);  // (2759 - 480 - 772.5) / 4
  EXPECT_EQ(targets.fiber_g, 39);
  EXPECT_EQ(targets.goal_factor, 1.0);
  EXPECT_THAT(targets.notes, IsEmpty());
  EXPECT_EQ(targets.bmr.formula, formula_id::bmr_mifflin_st_jeor);

  auto basis = of_man();
  basis.goal = training_goal::weight_loss;
  EXPECT_EQ(macro_targets_of(basis).calories, 2207);
  basis.goal = training_goal::weight_gain;
  EXPECT_EQ(macro_targets_of(basis).calories, 3173);
  basis.goal = training_goal::muscle_building;
  EXPECT_EQ(macro_targets_of(basis).calories, 3035);
  EXPECT_EQ(macro_targets_of(basis).protein_g, 150);
}

TEST(macro_targets, add_up_to_their_energy) {
  for (const auto goal : {training_goal::weight_loss, training_goal::weight_gain, training_goal::muscle_building}) {
    for (const double kg : {45.0, 70.0, 120.0, 300.0}) {
      auto basis = of_man();
      basis.goal = goal;
      basis.body.weight_kg = kg;
      basis.target_weight_kg = kg;
      const auto targets = macro_targets_of(basis);
      ASSERT_TRUE(targets.calories);
      EXPECT_NEAR(*targets.protein_g * 4 + *targets.carbs_g * 4 + *targets.fat_g * 9, *targets.calories, 9);
      EXPECT_GT(*targets.carbs_g, 0);
    }
  }
}

TEST(macro_targets, never_go_below_what_a_body_needs) {
  macro_basis small{.body = {.weight_kg = 45, .height_cm = 150, .age_years = 60, .sex = body_sex::female},
                    .activity_level = activity_level::sedentary,
                    .goal = training_goal::weight_loss};
  const auto of_woman = macro_targets_of(small);
  EXPECT_EQ(of_woman.calories, 1200);
  EXPECT_THAT(of_woman.notes, Contains(macro_note::least_energy_applied));
  EXPECT_THAT(of_woman.notes, Contains(macro_note::target_weight_assumed));
  small.body.sex = body_sex::male;
  EXPECT_EQ(macro_targets_of(small).calories, 1500);
  small.body.sex = std::nullopt;
  EXPECT_EQ(macro_targets_of(small).calories, 1500);
}

TEST(macro_targets, are_no_deficit_for_minors_the_underweight_and_where_a_condition_forbids_it) {
  auto basis = of_man();
  basis.bmr = formula_id::bmr_harris_benedict_revised;
  basis.goal = training_goal::weight_loss;
  basis.body.age_years = 17;
  EXPECT_THAT(macro_targets_of(basis).notes, ElementsAre(macro_note::no_deficit_under_18));
  EXPECT_EQ(macro_targets_of(basis).goal_factor, 1);

  basis.body.age_years = 30;
  basis.body.weight_kg = 55;
  EXPECT_THAT(macro_targets_of(basis).notes, ElementsAre(macro_note::no_deficit_underweight));

  basis.body.weight_kg = 80;
  basis.health_conditions = {"Asthma", "history of an eating-disorder"};
  EXPECT_THAT(macro_targets_of(basis).notes, ElementsAre(macro_note::no_deficit_condition));
  basis.health_conditions = {"Pregnancy (2nd trimester)"};
  EXPECT_THAT(macro_targets_of(basis).notes, ElementsAre(macro_note::no_deficit_condition));
  basis.health_conditions = {"Asthma"};
  EXPECT_THAT(macro_targets_of(basis).notes, Not(Contains(macro_note::no_deficit_condition)));
  // More than is spent is nobody's danger.
  basis.goal = training_goal::weight_gain;
  basis.health_conditions = {"Pregnancy"};
  EXPECT_EQ(macro_targets_of(basis).goal_factor, 1.15);
}

TEST(macro_targets, bound_protein_by_the_energy) {
  auto basis = of_man();
  basis.goal = training_goal::muscle_building;
  basis.activity_level = activity_level::sedentary;
  basis.target_weight_kg = 300;
  const auto targets = macro_targets_of(basis);
  EXPECT_THAT(targets.notes, Contains(macro_note::protein_bounded));
  EXPECT_NEAR(*targets.protein_g * 4, *targets.calories * 0.35, 4);
}

TEST(macro_targets, that_lack_something_say_what_and_are_absent) {
  const auto nothing = macro_targets_of({});
  EXPECT_THAT(nothing.missing, ElementsAre("weightKg", "heightCm", "ageYears", "activityLevel", "goal"));
  EXPECT_FALSE(nothing.calories || nothing.protein_g || nothing.carbs_g || nothing.fat_g || nothing.fiber_g);
  auto basis = of_man();
  basis.body.age_years = 90;  // beyond Mifflin's range
  const auto out = macro_targets_of(basis);
  EXPECT_FALSE(out.calories);
  EXPECT_TRUE(out.bmr.out_of_range);
}

TEST(macro_targets, by_lean_mass_need_no_height) {
  macro_basis basis{.body = {.weight_kg = 80, .body_fat_percent = 15},
                    .activity_level = activity_level::sedentary,
                    .goal = training_goal::maintenance,
                    .bmr = formula_id::bmr_katch_mcardle};
  EXPECT_EQ(macro_targets_of(basis).calories, 2207);
}

}  // namespace
}  // namespace nxg::body
