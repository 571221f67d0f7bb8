#include "services/workouts/figures.hpp"

#include <gtest/gtest.h>

namespace nxg::workouts {
namespace {

using namespace std::chrono_literals;

const sample_source first_boot{uuid::derived_from("machine"), *epoch::parse("00000000000000000000000000000002")};
const sample_source second_boot{uuid::derived_from("machine"), *epoch::parse("00000000000000000000000000000001")};

sample running(std::int64_t seq, double elapsed, double distance, double heart_rate) {
  sample made;
  made.seq = seq;
  made.at = instant{std::chrono::seconds{1'700'000'000 + static_cast<int>(elapsed)}};
  made.elapsed_seconds = elapsed;
  made.values.set(measure::speed_kmh, 10.0);
  made.values.set(measure::distance_meters, distance);
  made.values.set(measure::heart_rate_bpm, heart_rate);
  return made;
}

TEST(figures, of_no_samples_know_nothing) {
  const auto none = figures_of({}, machine_class::treadmill, {});
  EXPECT_EQ(none.workout, workout_figures{});
  EXPECT_EQ(none.heart_rate, heart_rate_figures{});
}

TEST(figures, of_a_run) {
  sample_set samples;
  for (int second = 0; second <= 60; ++second)
    samples[first_boot][second + 1] = running(second + 1, second, second * 2.5, 120 + second % 3);
  const auto made = figures_of(samples, machine_class::treadmill, {70, {}, {}});
  EXPECT_EQ(made.workout.samples, 61);
  EXPECT_EQ(made.workout.duration_seconds, 60);
  EXPECT_EQ(made.workout.distance_meters, 150);
  EXPECT_EQ(made.workout.max_speed_kmh, 10);
  EXPECT_EQ(made.workout.energy_source, energy_source::met);
  EXPECT_NEAR(*made.workout.energy_kcal, (3.5 + 0.2 * 10'000 / 60) / 3.5 * 3.5 * 70 / 200, 0.001);
  EXPECT_FALSE(made.workout.average_power_watts);
  EXPECT_FALSE(made.workout.machine_energy_kcal);
  EXPECT_EQ(made.heart_rate.max_bpm, 122);
  EXPECT_NEAR(*made.heart_rate.average_bpm, 121, 0.05);
}

TEST(figures, go_on_over_a_restart_of_the_machine) {
  sample_set samples;
  for (int second = 0; second <= 10; ++second)
    samples[first_boot][second + 1] = running(second + 1, second, second, 120);
  for (int second = 0; second <= 20; ++second) {
    auto later = running(second + 1, second, second, 120);
    later.at += 1h;
    samples[second_boot][second + 1] = later;
  }
  const auto made = figures_of(samples, machine_class::treadmill, {});
  EXPECT_EQ(made.workout.duration_seconds, 30);
  EXPECT_EQ(made.workout.distance_meters, 30);
}

TEST(figures, count_sets) {
  sample_set samples;
  for (int number = 1; number <= 3; ++number) {
    sample lift;
    lift.seq = number;
    lift.elapsed_seconds = number * 90;
    lift.set = strength_set{number, 10, 50.5, 40, 50, "Leg Press"};
    samples[first_boot][number] = lift;
  }
  const auto made = figures_of(samples, machine_class::strength, {});
  EXPECT_EQ(made.workout.set_count, 3);
  EXPECT_EQ(made.workout.reps, 30);
  EXPECT_EQ(made.workout.volume_kg, 1515);
  EXPECT_EQ(made.workout.sets[1].volume_kg, 505);
  EXPECT_EQ(made.workout.duration_seconds, 180);
}

}  // namespace
}  // namespace nxg::workouts
