#include "services/planning/rule_based_plan.hpp"

#include "schema/json.hpp"
#include "services/planning/contraindications.hpp"
#include "services/planning/splits.hpp"
#include "services/planning/tests/library.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace nxg::planning {
namespace {

training_need need(std::int32_t days = 3) {
  training_need one;
  one.level = difficulty_level::intermediate;
  one.goal = training_goal::muscle_building;
  one.age_years = 30;
  one.height_cm = 178;
  one.weight_kg = 80;
  one.weekly_workout_days = days;
  return one;
}

std::vector<const plan_exercise*> entries_of(const plan_content& plan, std::optional<plan_section> only = {}) {
  std::vector<const plan_exercise*> all;
  for (const auto& day : plan.days) {
    for (const auto& section : day.categories) {
      if (only && section.category_type != *only) continue;
      for (const auto& entry : section.exercises) all.push_back(&entry);
    }
  }
  return all;
}

std::map<uuid, exercise> by_id(const std::vector<exercise>& library) {
  std::map<uuid, exercise> all;
  for (const auto& one : library) all.emplace(one.id, one);
  return all;
}

TEST(training_weekdays, are_spread_and_never_on_the_rest_day) {
  EXPECT_EQ(training_weekdays(3, {}), (std::vector<std::int32_t>{1, 3, 5}));
  EXPECT_EQ(training_weekdays(7, {}), (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6, 7}));
  for (std::int32_t days = 1; days <= 7; ++days) {
    for (std::int32_t rest = 1; rest <= 7; ++rest) {
      const auto chosen = training_weekdays(days, rest);
      EXPECT_EQ(chosen.size(), static_cast<std::size_t>(std::min(days, 6)));
      EXPECT_EQ(std::ranges::find(chosen, rest), chosen.end());
      EXPECT_EQ(std::set<std::int32_t>(chosen.begin(), chosen.end()).size(), chosen.size());
      EXPECT_GE(chosen.front(), 1);
      EXPECT_LE(chosen.back(), 7);
    }
  }
}

TEST(rule_based_plan, has_as_many_days_as_asked_each_with_three_sections) {
  const auto library = small_library();
  for (std::int32_t days = 1; days <= 7; ++days) {
    const auto plan = make_rule_based_plan(need(days), library);
    ASSERT_TRUE(plan) << plan.error();
    ASSERT_EQ(plan->days.size(), static_cast<std::size_t>(days));
    for (const auto& day : plan->days) {
      ASSERT_EQ(day.categories.size(), 3U) << day.muscle_group;
      EXPECT_EQ(day.categories[1].category_type, plan_section::core);
      EXPECT_GE(day.categories[1].exercises.size(), 5U);
      EXPECT_GE(day.estimated_minutes, 15);
      EXPECT_FALSE(day.muscle_groups.empty());
    }
  }
}

TEST(rule_based_plan, the_same_need_gives_the_same_plan_whatever_the_order_of_the_library) {
  auto library = small_library();
  const auto first = make_rule_based_plan(need(), library);
  std::ranges::reverse(library);
  const auto second = make_rule_based_plan(need(), library);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(schema::to_json(*first), schema::to_json(*second));
}

TEST(rule_based_plan, no_day_has_an_exercise_twice) {
  const auto plan = make_rule_based_plan(need(6), small_library());
  ASSERT_TRUE(plan);
  for (const auto& day : plan->days) {
    std::set<uuid> seen;
    for (const auto& section : day.categories) {
      for (const auto& entry : section.exercises)
        EXPECT_TRUE(seen.insert(*entry.exercise_id).second) << entry.exercise_name;
    }
  }
}

TEST(rule_based_plan, a_beginner_gets_nothing_harder_and_one_set_less) {
  auto asked = need();
  asked.level = difficulty_level::beginner;
  const auto plan = make_rule_based_plan(asked, small_library());
  ASSERT_TRUE(plan);
  for (const auto* entry : entries_of(*plan)) EXPECT_EQ(entry->difficulty, difficulty_level::beginner);
  for (const auto* entry : entries_of(*plan, plan_section::core)) EXPECT_EQ(entry->sets, 3);
}

TEST(rule_based_plan, sets_and_repetitions_follow_the_goal) {
  auto asked = need();
  asked.goal = training_goal::weight_gain;
  const auto plan = make_rule_based_plan(asked, small_library());
  ASSERT_TRUE(plan);
  for (const auto* entry : entries_of(*plan, plan_section::core)) {
    EXPECT_EQ(entry->sets, 4);
    EXPECT_EQ(entry->reps_min, 6);
    EXPECT_EQ(entry->reps_max, 10);
    EXPECT_EQ(entry->rest_seconds, 120);
  }
}

TEST(rule_based_plan, preferred_equipment_comes_first_and_avoided_exercises_never) {
  auto asked = need();
  asked.preferences.preferred_equipment = {equipment_kind::dumbbell};
  asked.preferences.avoid_exercises = {"chest move 1"};
  const auto plan = make_rule_based_plan(asked, small_library());
  ASSERT_TRUE(plan);
  std::size_t dumbbells = 0;
  const auto core = entries_of(*plan, plan_section::core);
  for (const auto* entry : core) {
    EXPECT_NE(entry->external_id, "Chest_Move_1");
    if (entry->equipment == equipment_kind::dumbbell) ++dumbbells;
  }
  EXPECT_GT(dumbbells * 2, core.size());
}

TEST(rule_based_plan, a_focus_area_gets_one_exercise_more) {
  const auto count_legs = [](const plan_content& plan) {
    return std::ranges::count_if(entries_of(plan, plan_section::core),
                                 [](const auto* entry) { return entry->muscle_group == muscle_group::legs; });
  };
  const auto plain = make_rule_based_plan(need(), small_library());
  auto asked = need();
  asked.preferences.focus_areas = {muscle_group::legs};
  const auto focused = make_rule_based_plan(asked, small_library());
  ASSERT_TRUE(plain && focused);
  EXPECT_EQ(count_legs(*focused), count_legs(*plain) + 1);
}

TEST(rule_based_plan, respects_every_condition_of_the_table_or_is_not_given) {
  const auto library = small_library();
  const auto known = by_id(library);
  for (const auto& rule : contraindication_table()) {
    auto asked = need();
    asked.health_conditions = {std::string{rule.condition}};
    const auto plan = make_rule_based_plan(asked, library);
    if (!plan) continue;
    const auto limits = restrictions::of(asked.health_conditions);
    for (const auto* entry : entries_of(*plan)) {
      EXPECT_TRUE(limits.allows(known.at(*entry->exercise_id))) << rule.condition << ": " << entry->exercise_name;
    }
  }
}

TEST(rule_based_plan, a_day_that_lost_its_exercises_is_filled_with_others_and_says_so) {
  auto asked = need();
  asked.health_conditions = {"knee pain"};
  const auto plan = make_rule_based_plan(asked, small_library());
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_TRUE(std::ranges::any_of(plan->days, [](const auto& day) { return day.muscle_group == "Adapted Training"; }));
  for (const auto& day : plan->days) EXPECT_GE(entries_of(*plan, plan_section::core).size(), 3U) << day.day_name;
}

TEST(rule_based_plan, a_condition_it_does_not_know_means_no_plan) {
  auto asked = need();
  asked.health_conditions = {"knee pain", "Ehlers-Danlos syndrome"};
  const auto plan = make_rule_based_plan(asked, small_library());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().find("Ehlers-Danlos"), std::string::npos) << "it goes to the log";
}

TEST(rule_based_plan, too_few_exercises_mean_no_plan) {
  auto library = small_library();
  EXPECT_FALSE(make_rule_based_plan(need(), {}));
  library.resize(2);
  EXPECT_FALSE(make_rule_based_plan(need(), library));
}

}  // namespace
}  // namespace nxg::planning
