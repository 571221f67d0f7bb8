#include "services/visits/auto_end.hpp"

#include "utilities/time_zones.hpp"

#include <gtest/gtest.h>

namespace nxg::visits {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto berlin = "Europe/Berlin";
instant local(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  return utilities::at_local(year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}},
                             hours{hour} + minutes{minute}, berlin);
}
const std::vector<opening_hours> every_day_6_to_22 = [] {
  std::vector<opening_hours> made;
  for (int day = 1; day <= 7; ++day) made.push_back({day, 6 * 60, 22 * 60});
  return made;
}();

TEST(auto_end, is_after_four_hours_where_nothing_closes) {
  const auto end = auto_end_of(local(2026, 3, 2, 23), {}, berlin);
  EXPECT_EQ(end.at, local(2026, 3, 3, 3));
  EXPECT_EQ(end.reason, visit_end::max_duration);
}

TEST(auto_end, is_at_closing_when_that_comes_first) {
  const auto late = auto_end_of(local(2026, 3, 2, 20, 30), every_day_6_to_22, berlin);
  EXPECT_EQ(late.at, local(2026, 3, 2, 22));
  EXPECT_EQ(late.reason, visit_end::closing);
  EXPECT_EQ(auto_end_of(local(2026, 3, 2, 9), every_day_6_to_22, berlin).reason, visit_end::max_duration);
}

TEST(auto_end, knows_closing_times_after_midnight) {
  const std::vector<opening_hours> night{{5, 18 * 60, 2 * 60}};  // Friday 18:00 to Saturday 02:00
  EXPECT_EQ(auto_end_of(local(2026, 3, 6, 23), night, berlin).at, local(2026, 3, 7, 2));
  EXPECT_EQ(auto_end_of(local(2026, 3, 7, 1), night, berlin).at, local(2026, 3, 7, 2));
  EXPECT_EQ(auto_end_of(local(2026, 3, 7, 3), night, berlin).reason, visit_end::max_duration);
}

TEST(auto_end, goes_by_the_wall_clock_when_it_is_put_forward) {
  // On 29 March 2026 Berlin's clocks go from 02:00 to 03:00.
  const std::vector<opening_hours> night{{6, 22 * 60, 4 * 60}};  // Saturday 22:00 to Sunday 04:00
  const auto end = auto_end_of(local(2026, 3, 29, 1), night, berlin);
  EXPECT_EQ(end.at, local(2026, 3, 29, 4));
  EXPECT_EQ(end.at - local(2026, 3, 29, 1), 2h);
}

}  // namespace
}  // namespace nxg::visits
