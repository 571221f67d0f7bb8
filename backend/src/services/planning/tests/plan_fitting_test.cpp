#include "services/planning/plan_fitting.hpp"

#include "services/planning/tests/library.hpp"

#include <gtest/gtest.h>

namespace nxg::planning {
namespace {

plan_exercise named(std::string id, std::optional<muscle_group> group = {}) {
  plan_exercise entry;
  entry.external_id = id;
  entry.exercise_name = std::move(id);
  entry.muscle_group = group;
  entry.sets = 3;
  entry.reps_min = entry.reps_max = 10;
  entry.weight_kg = 60;
  return entry;
}

plan_content plan_of(std::vector<plan_exercise> core) {
  plan_day day;
  day.day_name = "Monday";
  day.muscle_group = "Push";
  day.categories = {{plan_section::core, 1, std::move(core)}};
  plan_content plan;
  plan.days = {std::move(day)};
  return plan;
}

const std::vector<plan_exercise>& core_of(const fitted_plan& plan) {
  return plan.content.days[0].categories[0].exercises;
}

training_need need(std::vector<std::string> conditions = {}) {
  training_need one;
  one.level = difficulty_level::intermediate;
  one.health_conditions = std::move(conditions);
  return one;
}

TEST(fit_plan, ties_exercises_to_the_library_by_id_or_by_name) {
  const exercises::library library{small_library()};
  auto by_name = named("something of theirs");
  by_name.exercise_name = "Quad Move 1";
  const auto fitted = fit_plan(plan_of({named("Chest_Move_0"), by_name}), need(), library);
  ASSERT_TRUE(fitted);
  ASSERT_EQ(core_of(*fitted).size(), 2U);
  EXPECT_EQ(core_of(*fitted)[0].exercise_id, exercise_id_of("Chest_Move_0"));
  EXPECT_EQ(core_of(*fitted)[1].external_id, "Quad_Move_1");
  EXPECT_EQ(core_of(*fitted)[1].muscle_group, muscle_group::legs);
  EXPECT_EQ(core_of(*fitted)[1].weight_kg, 60);
  EXPECT_EQ(fitted->replaced + fitted->dropped, 0);
}

TEST(fit_plan, keeps_an_unknown_exercise_as_it_is_named_for_a_healthy_member) {
  const exercises::library library{small_library()};
  const auto fitted = fit_plan(plan_of({named("Moon_Press", muscle_group::chest)}), need(), library);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(core_of(*fitted)[0].exercise_name, "Moon_Press");
  EXPECT_FALSE(core_of(*fitted)[0].exercise_id);
}

TEST(fit_plan, exchanges_an_unknown_exercise_that_is_too_hard_or_unwanted) {
  const exercises::library library{small_library()};
  auto hard = named("Planche_Drop", muscle_group::chest);
  hard.difficulty = difficulty_level::advanced;
  auto asked = need();
  asked.preferences.avoid_exercises = {"sissy squat deluxe"};
  const auto fitted = fit_plan(plan_of({hard, named("Sissy_Squat_Deluxe", muscle_group::legs)}), asked, library);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->replaced, 2);
  for (const auto& entry : core_of(*fitted)) EXPECT_TRUE(entry.exercise_id) << entry.exercise_name;
}

TEST(fit_plan, refuses_what_nobody_does_in_a_day) {
  const exercises::library library{small_library()};
  const auto with = [&](auto change) {
    auto entry = named("Chest_Move_0");
    change(entry);
    return fit_plan(plan_of({entry}), need(), library).has_value();
  };
  EXPECT_TRUE(with([](plan_exercise& entry) { entry.weight_kg = 500; }));
  EXPECT_FALSE(with([](plan_exercise& entry) { entry.weight_kg = 501; }));
  EXPECT_FALSE(with([](plan_exercise& entry) { entry.reps_max = 201; }));
  EXPECT_FALSE(with([](plan_exercise& entry) {
    entry.sets = 20;
    entry.duration_seconds = 7'200;
  }));
}

TEST(fit_plan, passes_no_words_on_that_a_condition_may_rule_out) {
  const exercises::library library{small_library()};
  auto plan = plan_of({named("Chest_Move_0")});
  plan.days[0].notes = "Train through the knee pain";
  plan.days[0].categories[0].exercises[0].notes = "30 deep jump squats first";
  const auto fitted = fit_plan(plan, need({"knee pain"}), library);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->content.days[0].notes, "");
  EXPECT_EQ(core_of(*fitted)[0].notes, "");
  EXPECT_EQ(fit_plan(plan, need(), library)->content.days[0].notes, "Train through the knee pain");
}

TEST(fit_plan, exchanges_what_a_condition_rules_out_and_what_it_cannot_judge) {
  const exercises::library library{small_library()};
  const auto asked = need({"knee pain"});
  const auto fitted = fit_plan(
      plan_of({named("Quad_Move_0"), named("Moon_Press", muscle_group::chest), named("Chest_Move_0")}), asked, library);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->replaced, 2);
  const auto limits = restrictions::of(asked.health_conditions);
  for (const auto& entry : core_of(*fitted)) {
    ASSERT_TRUE(entry.exercise_id);
    EXPECT_TRUE(limits.allows(*library.find(*entry.exercise_id))) << entry.exercise_name;
  }
  // The unknown chest exercise became one for the chest, but not the one the day has already, and without its weight.
  EXPECT_EQ(core_of(*fitted)[1].muscle_group, muscle_group::chest);
  EXPECT_NE(core_of(*fitted)[1].external_id, "Chest_Move_0");
  EXPECT_FALSE(core_of(*fitted)[1].weight_kg);
}

TEST(fit_plan, exchanges_exercises_above_the_members_level_and_avoided_ones) {
  auto all = small_library();
  all.push_back(
      make_exercise({.id = "Muscle_Up_Hard", .primary = muscle::lats, .difficulty = difficulty_level::advanced}));
  const exercises::library library{std::move(all)};
  auto asked = need();
  asked.preferences.avoid_exercises = {"Bi Move 0"};
  const auto fitted = fit_plan(plan_of({named("Muscle_Up_Hard"), named("Bi_Move_0")}), asked, library);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->replaced, 2);
  EXPECT_EQ(core_of(*fitted)[0].muscle_group, muscle_group::back);
  EXPECT_EQ(core_of(*fitted)[1].muscle_group, muscle_group::arms);
}

TEST(fit_plan, a_plan_that_leaves_a_day_empty_cannot_be_used) {
  const exercises::library nothing{{}};
  EXPECT_FALSE(fit_plan(plan_of({named("Quad_Move_0")}), need({"knee pain"}), nothing));
}

TEST(still_suits, tells_whether_a_condition_came_up_since) {
  const exercises::library library{small_library()};
  const auto plan = plan_of({named("Quad_Move_0")});
  EXPECT_TRUE(still_suits(plan, need(), library));
  EXPECT_TRUE(still_suits(plan, need({"shoulder pain"}), library));
  EXPECT_FALSE(still_suits(plan, need({"knee pain"}), library));
}

}  // namespace
}  // namespace nxg::planning
