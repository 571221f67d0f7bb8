#include "services/training/progression.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nxg::training {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr schema::local_date today{std::chrono::year{2026}, std::chrono::March, std::chrono::day{31}};

struct sets {
  int days_ago;
  double kilograms;
  std::vector<std::int32_t> reps;
  std::optional<double> rpe = {};
};

trained_day day_of(const sets& from) {
  trained_day day{sys_days{today} - days{from.days_ago}, {}};
  for (const auto reps : from.reps) {
    logged_set set;
    set.reps = reps;
    if (from.kilograms > 0) set.weight_kg = from.kilograms;
    set.rpe = from.rpe;
    day.sets.push_back(set);
  }
  return day;
}

struct row {
  std::string name;
  std::vector<sets> days;  ///< newest first
  progression_step step;
  std::optional<double> kilograms;
  std::optional<std::int32_t> reps;
  nxg::confidence confidence;
  equipment_kind equipment = equipment_kind::barbell;
  bool legs = false;
};

progression_advice advice_of(const row& from) {
  progression_facts facts;
  facts.asked = {.sets = 3, .reps_min = 8, .reps_max = 12};
  facts.equipment = from.equipment;
  facts.lower_body = from.legs;
  facts.today = today;
  for (const auto& one : from.days) facts.days.push_back(day_of(one));
  return advise(facts);
}

// Every rule, three sets of 8 to 12.
TEST(progression, follows_its_table) {
  using enum progression_step;
  using enum nxg::confidence;
  const std::vector<row> table{
      {"nothing logged", {}, start, std::nullopt, 8, low},
      {"top at RPE 8: one plate", {{2, 60, {12, 12, 12}, 8}}, increase_weight, 62.5, 8, low},
      {"top at RPE 7, sure of it",
       {{2, 60, {12, 12, 13}, 7}, {5, 60, {11, 11, 11}, 8}, {9, 60, {10, 10, 10}, 8}},
       increase_weight,
       62.5,
       8,
       high},
      {"2.5 % of 120 is 3 kg: the next plate up", {{2, 120, {12, 12, 12}, 8}}, increase_weight, 125, 8, low},
      {"legs go up by 5 %", {{2, 100, {12, 12, 12}, 8}}, increase_weight, 105, 8, low, equipment_kind::barbell, true},
      {"dumbbells go up by two", {{2, 20, {12, 12, 12}, 8}}, increase_weight, 22, 8, low, equipment_kind::dumbbell},
      {"top, but hard", {{2, 60, {12, 12, 12}, 9}}, repeat, 60, 12, low},
      {"top, exertion not noted: once more", {{2, 60, {12, 12, 12}}}, repeat, 60, 12, low},
      {"top twice, exertion not noted", {{2, 60, {12, 12, 12}}, {5, 60, {12, 12, 12}}}, increase_weight, 62.5, 8, low},
      {"top twice, the first time with less", {{2, 60, {12, 12, 12}}, {5, 57.5, {12, 12, 12}}}, repeat, 60, 12, low},
      {"no weight to add", {{2, 0, {12, 12, 12}, 7}}, increase_reps, std::nullopt, 13, low, equipment_kind::body_only},
      {"in between", {{2, 60, {10, 10, 9}, 8}}, increase_reps, 60, 10, low},
      {"a set is missing", {{2, 60, {12, 12}, 7}}, repeat, 60, 12, low},
      {"missed once", {{2, 60, {9, 8, 7}}, {5, 60, {9, 9, 9}}}, repeat, 60, 8, low},
      {"missed twice", {{2, 60, {8, 7, 6}}, {5, 60, {8, 7, 7}}}, deload, 52.5, 8, low},
      {"missed twice, light already", {{2, 2.5, {5, 5, 5}}, {5, 2.5, {5, 5, 5}}}, deload, 2.5, 8, low},
      {"after three weeks away", {{22, 60, {12, 12, 12}, 7}}, come_back, 52.5, 8, low},
      {"three weeks to the day is no pause", {{21, 60, {10, 10, 10}, 7}}, increase_reps, 60, 11, low},
      {"four weeks of getting stronger",
       {{1, 70, {10, 10, 10}, 8},
        {8, 67.5, {10, 10, 10}, 8},
        {15, 65, {10, 10, 10}, 8},
        {22, 62.5, {10, 10, 10}, 8},
        {29, 60, {10, 10, 10}, 8}},
       deload_week,
       62.5,
       8,
       high},
      {"three weeks of it are not enough",
       {{1, 67.5, {10, 10, 10}}, {8, 65, {10, 10, 10}}, {15, 62.5, {10, 10, 10}}, {22, 60, {10, 10, 10}}},
       increase_reps,
       67.5,
       11,
       medium},
  };
  for (const auto& one : table) {
    const auto advice = advice_of(one);
    EXPECT_EQ(advice.step, one.step) << one.name << ": " << advice.rationale;
    EXPECT_EQ(advice.recommended_weight_kg, one.kilograms) << one.name;
    EXPECT_EQ(advice.recommended_reps, one.reps) << one.name;
    EXPECT_EQ(advice.confidence, one.confidence) << one.name;
    EXPECT_FALSE(advice.rationale.empty()) << one.name;
  }
}

TEST(progression, a_lighter_week_has_half_the_sets) {
  const auto advice = advice_of(
      {"", {{1, 70, {10, 10, 10}}, {8, 67.5, {10}}, {15, 65, {10}}, {22, 62.5, {10}}, {29, 60, {10}}}, {}, {}, {}, {}});
  EXPECT_EQ(advice.recommended_sets, 1);
}

TEST(progression, only_the_heaviest_sets_decide) {
  progression_facts facts;
  facts.asked = {.sets = 2, .reps_min = 5, .reps_max = 6};
  facts.equipment = equipment_kind::barbell;
  facts.today = today;
  auto day = day_of({1, 100, {6, 6}, 8});
  day.sets.push_back(day_of({1, 60, {3}, 6}).sets.front());
  facts.days = {day};
  EXPECT_EQ(advise(facts).step, progression_step::increase_weight);
}

TEST(progression, timed_sets_go_up_by_a_tenth) {
  progression_facts facts;
  facts.asked.seconds = 40;
  facts.today = today;
  logged_set set;
  set.seconds = 42;
  facts.days = {{sys_days{today} - days{2}, {set, set}}};
  auto advice = advise(facts);
  EXPECT_EQ(advice.step, progression_step::increase_time);
  EXPECT_EQ(advice.recommended_seconds, 50);
  facts.days.front().sets.back().seconds = 30;
  advice = advise(facts);
  EXPECT_EQ(advice.step, progression_step::repeat);
  EXPECT_EQ(advice.recommended_seconds, 40);
}

TEST(progression, without_a_log_the_plan_s_own_weight_is_where_to_begin) {
  progression_facts facts;
  facts.asked.weight_kg = 30;
  EXPECT_EQ(advise(facts).recommended_weight_kg, 30);
}

TEST(trained_days, puts_entries_of_a_day_together_and_leaves_out_warm_ups) {
  exercise_log late, early, older;
  late.local_date = early.local_date = today;
  older.local_date = sys_days{today} - days{1};
  logged_set set;
  set.reps = 10;
  late.sets = {set};
  set.warmup = true;
  early.sets = {set};
  older.sets = {set};
  const auto all = trained_days({late, early, older});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].sets.size(), 1u);
}

}  // namespace
}  // namespace nxg::training
