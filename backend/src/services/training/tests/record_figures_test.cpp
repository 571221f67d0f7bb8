#include "services/training/record_figures.hpp"

#include "services/training/records.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace nxg::training {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr schema::local_date first_day{std::chrono::year{2026}, std::chrono::March, std::chrono::day{2}};

logged_set lifted(double kilograms, std::int32_t reps, bool warmup = false) {
  logged_set set;
  set.weight_kg = kilograms;
  set.reps = reps;
  set.warmup = warmup;
  return set;
}
logged_set held(double seconds) {
  logged_set set;
  set.seconds = seconds;
  return set;
}

exercise_log entry(int day, std::vector<logged_set> sets, log_source source = log_source::machine) {
  static int made = 0;
  exercise_log log;
  log.id = uuid::derived_from("entry " + std::to_string(++made));
  log.source = source;
  log.local_date = sys_days{first_day} + days{day};
  log.completed_at = instant{sys_days{log.local_date}} + std::chrono::hours{10};
  log.sets = std::move(sets);
  return log;
}

TEST(record_figures, tells_the_best_of_everything) {
  const auto figures =
      figures_of({entry(0, {lifted(60, 10), lifted(80, 5)}), entry(2, {lifted(85, 3), lifted(70, 8), lifted(70, 8)})});
  EXPECT_EQ(figures.sessions, 2);
  EXPECT_EQ(figures.max_weight->weight_kg, 85);
  ASSERT_EQ(figures.reps_at_weight.size(), 4u);
  EXPECT_EQ(figures.reps_at_weight[0].weight_kg, 85);
  EXPECT_EQ(figures.reps_at_weight[1].reps, 5);
  EXPECT_EQ(figures.reps_at_weight[2].reps, 8);
  EXPECT_EQ(figures.reps_at_weight[3].reps, 10);
  EXPECT_DOUBLE_EQ(figures.max_volume->volume_kg, 85 * 3 + 70 * 16);
  EXPECT_NEAR(best_estimate(figures, one_rep_max_formula::epley)->value.kilograms, 93.5, 0.001);
  EXPECT_EQ(best_estimate(figures, one_rep_max_formula::epley)->from.weight_kg, 85);
}

TEST(record_figures, sets_to_warm_up_and_sets_without_repetitions_do_not_count) {
  const auto figures = figures_of({entry(0, {lifted(60, 5)}), entry(1, {lifted(100, 5, true), lifted(90, 0)})});
  EXPECT_EQ(figures.max_weight->weight_kg, 60);
  EXPECT_TRUE(figures.setters.empty());
}

TEST(record_figures, what_came_on_the_first_day_is_what_there_is_to_beat) {
  const auto figures = figures_of({entry(0, {lifted(60, 5)}), entry(0, {lifted(70, 5)})});
  EXPECT_TRUE(figures.setters.empty());
}

TEST(record_figures, an_entry_sets_each_kind_of_record_it_beats) {
  const auto heavier = entry(1, {lifted(65, 1)});
  const auto more = entry(2, {lifted(60, 7)});
  const auto nothing = entry(3, {lifted(60, 7)});
  const auto figures = figures_of({entry(0, {lifted(60, 5), lifted(60, 5)}), heavier, more, nothing});
  ASSERT_EQ(figures.setters.size(), 2u);
  EXPECT_EQ(figures.setters[0].log_id, heavier.id);
  EXPECT_EQ(figures.setters[0].kinds, std::vector{record_kind::max_weight});
  EXPECT_EQ(figures.setters[1].kinds, (std::vector{record_kind::reps_at_weight, record_kind::estimated_one_rep_max}));
}

TEST(record_figures, volume_is_that_of_a_day_over_all_its_entries) {
  const auto second = entry(1, {lifted(50, 10)});
  const auto figures =
      figures_of({entry(0, {lifted(50, 10)}), entry(1, {lifted(50, 10)}), second, entry(2, {lifted(50, 10)})});
  EXPECT_DOUBLE_EQ(figures.max_volume->volume_kg, 1000);
  ASSERT_EQ(figures.setters.size(), 1u);
  EXPECT_EQ(figures.setters[0].log_id, second.id);
  EXPECT_EQ(figures.setters[0].kinds, std::vector{record_kind::session_volume});
}

TEST(record_figures, timed_sets_and_the_body_s_own_weight) {
  const auto figures =
      figures_of({entry(0, {held(30)}), entry(1, {held(45)}), entry(2, {lifted(0, 8)}), entry(3, {lifted(0, 12)})});
  EXPECT_EQ(figures.longest->seconds, 45);
  EXPECT_FALSE(figures.max_weight);
  EXPECT_FALSE(best_estimate(figures, one_rep_max_formula::epley));
  ASSERT_EQ(figures.setters.size(), 2u);
  EXPECT_EQ(figures.setters[0].kinds, std::vector{record_kind::longest_time});
  EXPECT_EQ(figures.setters[1].kinds, std::vector{record_kind::reps_at_weight});
}

TEST(record_figures, estimates_come_from_twelve_repetitions_at_most) {
  const auto figures = figures_of({entry(0, {lifted(50, 20), lifted(50, 12)})});
  EXPECT_EQ(best_estimate(figures, one_rep_max_formula::epley)->from.reps, 12);
  EXPECT_TRUE(best_estimate(figures, one_rep_max_formula::epley)->value.low_confidence);
}

TEST(record_figures, a_correction_takes_back_what_it_has_to) {
  const auto base = entry(0, {lifted(60, 5)});
  auto wrong = entry(1, {lifted(600, 5)}, log_source::manual);
  const auto honest = entry(2, {lifted(62.5, 5)});
  const auto before = figures_of({base, wrong, honest});
  ASSERT_EQ(before.setters.size(), 1u);
  EXPECT_TRUE(before.setters[0].unwitnessed);
  wrong.sets = {lifted(60, 5)};
  const auto after = figures_of({base, wrong, honest});
  const auto change = difference(before, after);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->lost, std::vector{wrong.id});
  ASSERT_EQ(change->won.size(), 1u);
  EXPECT_EQ(change->won[0].log_id, honest.id);
  EXPECT_EQ(change->days.size(), 2u);
  EXPECT_FALSE(difference(after, after));
}

}  // namespace
}  // namespace nxg::training
