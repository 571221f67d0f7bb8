#include "utilities/time_zones.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nxg::utilities {
namespace {

using namespace std::chrono_literals;
using std::chrono::year_month_day;

instant utc(year_month_day date, std::chrono::milliseconds time) { return instant{std::chrono::sys_days{date}} + time; }

TEST(time_zones, knows_the_names_of_the_database_only) {
  EXPECT_TRUE(is_time_zone("Europe/Berlin"));
  EXPECT_TRUE(is_time_zone("America/Argentina/Buenos_Aires"));
  EXPECT_TRUE(is_time_zone("UTC"));
  for (const auto* name :
       {"", "Europe/Nowhere", "europe/berlin", "../../etc/passwd", "Europe/Berlin ", "CEST+1x", "Europe/Berlin\n"}) {
    EXPECT_FALSE(is_time_zone(name)) << name;
  }
  EXPECT_THROW((void)local_date_at(instant{}, "Europe/Nowhere"), std::invalid_argument);
}

TEST(time_zones, a_moment_has_another_date_elsewhere) {
  const auto moment = utc(2025y / 7 / 1, 23h + 30min);
  EXPECT_EQ(local_date_at(moment, "UTC"), 2025y / 7 / 1);
  EXPECT_EQ(local_date_at(moment, "Asia/Kolkata"), 2025y / 7 / 2);
  EXPECT_EQ(local_time_of_day(moment, "Asia/Kolkata"), 5h);
  EXPECT_EQ(local_time_of_day(moment, "America/New_York"), 19h + 30min);
}

TEST(time_zones, a_day_of_daylight_saving_has_23_or_25_hours) {
  EXPECT_EQ(start_of_day(2025y / 3 / 31, "Europe/Berlin") - start_of_day(2025y / 3 / 30, "Europe/Berlin"), 23h);
  EXPECT_EQ(start_of_day(2025y / 10 / 27, "Europe/Berlin") - start_of_day(2025y / 10 / 26, "Europe/Berlin"), 25h);
}

TEST(time_zones, an_hour_that_is_skipped_or_twice) {
  EXPECT_EQ(at_local(2025y / 3 / 30, 2h + 30min, "Europe/Berlin"), utc(2025y / 3 / 30, 1h));
  EXPECT_EQ(at_local(2025y / 10 / 26, 2h + 30min, "Europe/Berlin"), utc(2025y / 10 / 26, 30min));
}

TEST(time_zones, age_counts_completed_years) {
  EXPECT_EQ(age_on(2000y / 6 / 15, 2016y / 6 / 14), 15);
  EXPECT_EQ(age_on(2000y / 6 / 15, 2016y / 6 / 15), 16);
  EXPECT_EQ(age_on(2000y / 2 / 29, 2017y / 2 / 28), 16);
  EXPECT_EQ(age_on(2000y / 2 / 29, 2017y / 3 / 1), 17);
}

}  // namespace
}  // namespace nxg::utilities
