#include "gym/totals.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

#include <ostream>
#include <string>

namespace nxg::gym {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

sample second(double elapsed, double distance, double heart_rate) {
  sample one;
  one[field::elapsed_seconds] = elapsed;
  one[field::distance_meters] = distance;
  one[field::heart_rate_bpm] = heart_rate;
  return one;
}

totals of_two_boots() {
  totals made{"treadmill"};
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

TEST(gym_totals, differ_by_whatever_a_set_tells_otherwise) {
  totals made{"strength"};
  sample one = second(30, absent, absent);
  one[field::set_number] = 1;
  one[field::set_reps] = 5;
  one[field::set_weight_kg] = 40;
  one[field::set_duration_seconds] = 30;
  made.add("a", one);
  const auto told = [](std::string_view sets) {
    return boost::json::object{{"samples", 1},
                               {"durationSeconds", 0},
                               {"setCount", 1},
                               {"reps", 5},
                               {"volumeKg", 200},
                               {"pointsAwarded", 1},
                               {"sets", boost::json::parse(sets)}};
  };
  EXPECT_THAT(made.differences(told(R"([{"number":1,"reps":5,"weightKg":40,"volumeKg":200,"durationSeconds":30}])")),
              IsEmpty());
  for (const auto* wrong :
       {R"([{"number":1,"reps":5,"weightKg":40,"volumeKg":200}])",
        R"([{"number":1,"reps":5,"weightKg":40,"volumeKg":200,"durationSeconds":31}])",
        R"([{"number":1,"reps":5,"weightKg":40,"volumeKg":200,"durationSeconds":30,"restSeconds":9}])"})
    EXPECT_THAT(made.differences(told(wrong)), ElementsAre("its 1 sets are not the 1 made")) << wrong;
}

TEST(gym_totals, give_a_point_for_each_full_minute_at_least_one_at_most_fifty) {
  const auto of_seconds = [](double seconds) {
    totals made{"treadmill"};
    made.add("a", second(0, 0, 100));
    made.add("a", second(seconds, 0, 100));
    return made.points();
  };
  EXPECT_EQ(of_seconds(0), 1);
  EXPECT_EQ(of_seconds(119), 1);
  EXPECT_EQ(of_seconds(120), 2);
  EXPECT_EQ(of_seconds(3'700), 50);
  EXPECT_EQ(totals{"treadmill"}.points(), 0);
}

struct effort {
  std::string machine_class;
  double watts;
  double seconds;
  double told_kcal;
  friend void PrintTo(const effort& one, std::ostream* out) {
    *out << one.machine_class << " at " << one.watts << " W";
  }
};

class gym_totals_energy : public testing::TestWithParam<effort> {};

TEST_P(gym_totals_energy, is_of_power_where_it_is_measured_else_of_the_machine_s_counter) {
  const auto& [machine_class, watts, seconds, told] = GetParam();
  totals made{machine_class};
  for (const double end : {0.0, 1.0}) {
    sample one;
    one[field::elapsed_seconds] = end * seconds;
    one[field::power_watts] = watts;
    one[field::energy_kcal] = 7 + 3 * end;
    made.add("a", one);
  }
  const auto wrong = made.differences(boost::json::object{{"energyKcal", told}});
  EXPECT_THAT(wrong, Not(Contains(StartsWith("energyKcal"))));
}

// Concept2's 2:00 per 500 m is 997.083 kcal an hour.
INSTANTIATE_TEST_SUITE_P(each, gym_totals_energy,
                         testing::Values(effort{"rower", 2.8 / (0.24 * 0.24 * 0.24), 60, 16.618055555},
                                         effort{"indoor_bike", 100, 60, 5.975143403441683},
                                         effort{"cross_trainer", 100, 61, 3}, effort{"treadmill", 100, 60, 3},
                                         effort{"indoor_bike", absent, 60, 3}));

}  // namespace
}  // namespace nxg::gym
