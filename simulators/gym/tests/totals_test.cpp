#include "gym/totals.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

namespace nxg::gym {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

sample second(double elapsed, double distance, double heart_rate) {
  sample one;
  one[field::elapsed_seconds] = elapsed;
  one[field::distance_meters] = distance;
  one[field::heart_rate_bpm] = heart_rate;
  return one;
}

totals of_two_boots() {
  totals made;
  made.add("a", second(10, 100, 120));
  made.add("a", second(70, 250, 130));
  made.add("b", second(0, 0, 140));
  made.add("b", second(65, 50, 110));
  return made;
}

boost::json::object as_told() {
  return boost::json::parse(R"({"samples":4,"durationSeconds":125,"distanceMeters":200,"averageHeartRateBpm":125,
                                "maxHeartRateBpm":140,"setCount":0,"reps":0,"volumeKg":0,"sets":[],"pointsAwarded":2})")
      .as_object();
}

TEST(gym_totals, are_what_an_honest_summary_tells) { EXPECT_THAT(of_two_boots().differences(as_told()), IsEmpty()); }

TEST(gym_totals, differ_by_whatever_is_altered_left_out_or_made_up) {
  for (const auto& honest : as_told()) {
    if (!honest.value().is_number()) continue;
    auto told = as_told();
    told[honest.key()] = honest.value().to_number<double>() + 1e-6;
    EXPECT_EQ(of_two_boots().differences(told).size(), 1U) << honest.key();
    told.erase(honest.key());
    EXPECT_EQ(of_two_boots().differences(told).size(), 1U) << honest.key();
  }
  for (const auto* made_up : {"maxSpeedKmh", "strokeCount", "floors", "machineEnergyKcal", "averagePowerWatts"}) {
    auto told = as_told();
    told[made_up] = 1;
    EXPECT_EQ(of_two_boots().differences(told).size(), 1U) << made_up;
  }
  auto told = as_told();
  told["sets"] = boost::json::parse(R"([{"number":1,"reps":5,"weightKg":40,"volumeKg":200}])");
  EXPECT_THAT(of_two_boots().differences(told), ElementsAre("its 1 sets are not the 0 made"));
}

TEST(gym_totals, give_a_point_for_each_full_minute_at_least_one_at_most_fifty) {
  const auto of_seconds = [](double seconds) {
    totals made;
    made.add("a", second(0, 0, 100));
    made.add("a", second(seconds, 0, 100));
    return made.points();
  };
  EXPECT_EQ(of_seconds(0), 1);
  EXPECT_EQ(of_seconds(119), 1);
  EXPECT_EQ(of_seconds(120), 2);
  EXPECT_EQ(of_seconds(3'700), 50);
  EXPECT_EQ(totals{}.points(), 0);
}

}  // namespace
}  // namespace nxg::gym
