#include "services/training/week.hpp"

#include <gtest/gtest.h>

namespace nxg::training {
namespace {

using due_on = std::map<std::int32_t, std::int32_t>;

TEST(line_up, a_session_is_due_on_its_own_day) {
  const auto week = line_up({1, 3, 5}, 1, 7, false);
  EXPECT_EQ(week.due, 1);
  EXPECT_EQ(week.later, (due_on{{3, 3}, {5, 5}}));
  EXPECT_TRUE(week.lapsed.empty());
}

TEST(line_up, nothing_is_due_before_its_day) {
  const auto week = line_up({3, 5}, 2, 7, false);
  EXPECT_FALSE(week.due);
  EXPECT_EQ(week.later, (due_on{{3, 3}, {5, 5}}));
}

TEST(line_up, a_missed_session_takes_the_next_day_left_and_the_others_stay_where_they_can) {
  const auto week = line_up({1, 3, 5}, 2, 7, false);
  EXPECT_EQ(week.due, 1);
  EXPECT_EQ(week.later, (due_on{{3, 3}, {5, 5}}));
}

TEST(line_up, later_sessions_move_back_while_there_is_room) {
  const auto week = line_up({1, 3, 5}, 3, 7, false);
  EXPECT_EQ(week.due, 1);
  EXPECT_EQ(week.later, (due_on{{4, 3}, {5, 5}}));
}

TEST(line_up, where_there_are_more_sessions_than_days_those_missed_the_longest_lapse) {
  const auto week = line_up({1, 2, 4, 6}, 6, 7, false);
  EXPECT_EQ(week.due, 6);
  EXPECT_EQ(week.lapsed, (std::vector<std::int32_t>{1, 2, 4}));
  const auto without_rest = line_up({1, 2, 4, 6}, 6, std::nullopt, false);
  EXPECT_EQ(without_rest.due, 4);
  EXPECT_EQ(without_rest.later, (due_on{{7, 6}}));
  EXPECT_EQ(without_rest.lapsed, (std::vector<std::int32_t>{1, 2}));
}

TEST(line_up, nothing_is_due_on_the_rest_day_nor_after_training) {
  EXPECT_FALSE(line_up({1, 4}, 3, 3, false).due);
  EXPECT_EQ(line_up({1, 4}, 3, 3, false).later, (due_on{{4, 1}, {5, 4}}));
  EXPECT_FALSE(line_up({3}, 3, 7, true).due);
  EXPECT_EQ(line_up({3}, 3, 7, true).later, (due_on{{4, 3}}));
}

TEST(line_up, an_empty_week_has_nothing_due) {
  const auto week = line_up({}, 7, 7, true);
  EXPECT_FALSE(week.due);
  EXPECT_TRUE(week.later.empty());
}

TEST(match_sessions, each_day_serves_the_session_that_fits_it_best) {
  const std::vector<planned_session> plan{{1, {"a", "b", "c"}}, {3, {"c", "d"}}};
  const auto done = match_sessions(plan, {{2, {"c", "d"}}, {4, {"a", "b", "x"}}});
  EXPECT_EQ(done[0].on, 4);
  EXPECT_EQ(done[0].done, 2);
  EXPECT_EQ(done[1].on, 2);
  EXPECT_EQ(done[1].share(), 1.0);
}

TEST(match_sessions, one_day_does_not_serve_two_sessions) {
  const std::vector<planned_session> plan{{1, {"a"}}, {4, {"a"}}};
  const auto done = match_sessions(plan, {{1, {"a"}}});
  EXPECT_EQ(done[0].on, 1);
  EXPECT_FALSE(done[1].on);
  const auto twice = match_sessions(plan, {{1, {"a"}}, {5, {"a"}}});
  EXPECT_EQ(twice[1].on, 5);
}

TEST(week, begins_on_monday) {
  using namespace std::chrono;
  EXPECT_EQ(year_month_day{monday_of(2026y / March / 1)}, 2026y / February / 23);
  EXPECT_EQ(year_month_day{monday_of(2026y / March / 2)}, 2026y / March / 2);
  EXPECT_EQ(weekday_of(2026y / March / 1), 7);
  EXPECT_EQ(weekday_of(2026y / March / 2), 1);
}

}  // namespace
}  // namespace nxg::training
