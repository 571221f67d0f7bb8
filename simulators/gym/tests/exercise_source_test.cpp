#include "gym/exercise_source.hpp"

#include "runtime/tests/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace nxg::gym {
namespace {

TEST(made_up_person, counters_never_go_back_and_values_stay_possible) {
  for (const auto* kind : {"treadmill", "indoor_bike", "rower", "cross_trainer", "step_climber", "strength"}) {
    auto person = made_up_person(kind, 42);
    sample before = person->next();
    for (int i = 0; i < 3'600; ++i) {
      const sample now = person->next();
      EXPECT_EQ(now[field::elapsed_seconds], before[field::elapsed_seconds] + 1);
      for (const auto counter : {field::distance_meters, field::energy_kcal, field::stroke_count, field::floors}) {
        if (now.has(counter)) {
          EXPECT_GE(now[counter], before[counter]) << kind;
        }
      }
      if (now.has(field::heart_rate_bpm)) {
        EXPECT_GE(now[field::heart_rate_bpm], 40) << kind;
        EXPECT_LE(now[field::heart_rate_bpm], 200) << kind;
      }
      if (now.has(field::speed_kmh)) {
        EXPECT_LE(now[field::speed_kmh], 60) << kind;
      }
      before = now;
    }
  }
}

TEST(made_up_person, the_heart_lags_the_legs) {
  auto person = made_up_person("indoor_bike", 7);
  double easy = 0;
  for (int i = 0; i < 180; ++i) person->next();
  const double at_start_of_interval = person->next()[field::heart_rate_bpm];
  for (int i = 0; i < 25; ++i) easy = person->next()[field::heart_rate_bpm];
  EXPECT_GT(easy, at_start_of_interval);
}

TEST(recordings, a_replay_goes_on_where_it_ended) {
  const runtime::temporary_folder folder{"recordings"};
  std::ofstream{folder.path() / "bike_test.csv"}
      << "t_seconds,heart_rate_bpm,power_watts,cadence_rpm,speed_kmh,distance_meters\n0,97,0,60,0,0\n1,,10,61,3.73,1\n";
  const auto all = read_recordings(folder.path());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].machine_class, "indoor_bike");
  auto source = replay(all[0]);
  EXPECT_EQ(source->next()[field::heart_rate_bpm], 97);
  const auto second = source->next();
  EXPECT_FALSE(second.has(field::heart_rate_bpm));
  EXPECT_EQ(second[field::distance_meters], 1);
  const auto third = source->next();
  EXPECT_EQ(third[field::elapsed_seconds], 2);
  EXPECT_EQ(third[field::distance_meters], 1);
}

TEST(recordings, a_set_comes_when_it_has_been_lifted_and_rest_follows) {
  const runtime::temporary_folder folder{"recordings"};
  std::ofstream{folder.path() / "strength_test.csv"}
      << "set_index,exercise,reps,weight_kg,duration_s,rest_s\n1,Squat,3,80,,\n2,Plank,,,90,\n";
  const auto all = read_recordings(folder.path());
  ASSERT_EQ(all.size(), 1u);
  auto source = replay(all[0]);
  std::map<double, double> set_at;
  for (int second = 1; second <= 12 + 60 + 90 + 60 + 12; ++second) {
    const auto now = source->next();
    EXPECT_EQ(now[field::elapsed_seconds], second - 1);
    if (now.has(field::set_number)) set_at[second] = now[field::set_number];
  }
  EXPECT_EQ(set_at, (std::map<double, double>{{12, 1}, {162, 2}, {234, 3}}));
}

TEST(recordings, a_folder_without_any_is_refused) {
  const runtime::temporary_folder folder{"recordings"};
  std::ofstream{folder.path() / "notes.csv"} << "a,b\n1,2\n";
  EXPECT_THROW(read_recordings(folder.path()), std::runtime_error);
  EXPECT_THROW(read_recordings("/nonexistent"), std::runtime_error);
}

/// The real ones, where TEST_DATA names their folder; the made-up people are their twin elsewhere.
TEST(recordings, real_ones_can_be_replayed) {
  const char* data = std::getenv("TEST_DATA");
  if (data == nullptr) return;
  const auto all = read_recordings(std::filesystem::path{data} / "recordings");
  EXPECT_EQ(all.size(), 15u);
  for (const auto& one : all) {
    auto source = replay(one);
    double elapsed = -1;
    for (std::size_t i = 0; i < 2 * one.seconds.size(); ++i) {
      const auto now = source->next();
      EXPECT_GE(now[field::elapsed_seconds], elapsed) << one.name << " " << i;
      elapsed = now[field::elapsed_seconds];
    }
  }
}

}  // namespace
}  // namespace nxg::gym
