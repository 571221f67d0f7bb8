#include "services/telemetry/plausibility.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nxg::samples {
namespace {

const uuid link = uuid::derived_from("link");
const uuid next_link = uuid::derived_from("next link");

sample moment(double elapsed, std::optional<double> speed = {}, std::optional<double> distance = {},
              const uuid& of = link) {
  sample made;
  made.link_id = of;
  made.elapsed_seconds = elapsed;
  made.values.set(measure::speed_kmh, speed);
  made.values.set(measure::distance_meters, distance);
  return made;
}

std::string judged(plausibility& by, sample what) { return std::string{by.judge(what).value_or("accepted")}; }

TEST(plausibility, holds_values_against_the_class) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  plausibility bike{limits_of(machine_class::indoor_bike)};
  EXPECT_EQ(judged(treadmill, moment(1, 30)), "accepted");
  EXPECT_EQ(judged(treadmill, moment(2, 30.1)), "value_out_of_range");
  EXPECT_EQ(judged(bike, moment(2, 119)), "accepted");
  EXPECT_EQ(judged(bike, moment(3, -1)), "value_out_of_range");
  EXPECT_EQ(judged(bike, moment(14'401)), "value_out_of_range");
  auto dead = moment(4);
  dead.values.set(measure::heart_rate_bpm, 29.0);
  EXPECT_EQ(judged(bike, dead), "value_out_of_range");
}

TEST(plausibility, refuses_what_a_class_cannot_measure) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  auto rowing = moment(1);
  rowing.values.set(measure::stroke_rate_spm, 28.0);
  EXPECT_EQ(judged(treadmill, rowing), "value_not_of_class");
  auto lifting = moment(1);
  lifting.set = strength_set{1, 8, 60, {}, {}, {}};
  EXPECT_EQ(judged(treadmill, lifting), "value_not_of_class");
  plausibility press{limits_of(machine_class::strength)};
  EXPECT_EQ(judged(press, lifting), "accepted");
  lifting.set->weight_kg = 501;
  EXPECT_EQ(judged(press, lifting), "value_out_of_range");
}

TEST(plausibility, lets_a_model_know_better_than_its_class) {
  plausibility fast{limits_of(machine_class::treadmill, {{measure::speed_kmh, 0, 45}, {measure::floors, 0, 10}})};
  auto climbing = moment(1, 44);
  climbing.values.set(measure::floors, 3.0);
  EXPECT_EQ(judged(fast, climbing), "accepted");
}

TEST(plausibility, does_not_let_counters_go_back_within_a_link) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  ASSERT_EQ(judged(treadmill, moment(10, 9, 25)), "accepted");
  EXPECT_EQ(judged(treadmill, moment(9, 9, 26)), "counter_went_back");
  EXPECT_EQ(judged(treadmill, moment(11, 9, 24)), "counter_went_back");
  EXPECT_EQ(judged(treadmill, moment(11, 9, 27.5)), "accepted");
  EXPECT_EQ(judged(treadmill, moment(1, 9, 2, next_link)), "accepted");
  treadmill.begin_epoch();
  EXPECT_EQ(judged(treadmill, moment(0, 9, 0, next_link)), "accepted");
}

TEST(plausibility, takes_a_restart_of_a_machine_that_is_not_linked) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  ASSERT_EQ(judged(treadmill, moment(100, 9, 250, {})), "accepted");
  EXPECT_EQ(judged(treadmill, moment(1, 9, 2, {})), "accepted");
  EXPECT_EQ(judged(treadmill, moment(2, 9, 1, {})), "counter_went_back");
}

TEST(plausibility, flags_distance_that_speed_does_not_explain) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  const auto next = [&](double elapsed, double speed, double distance) {
    auto what = moment(elapsed, speed, distance);
    EXPECT_FALSE(treadmill.judge(what));
    return what.has(sample_flag::distance_against_speed);
  };
  EXPECT_FALSE(next(0, 9, 0));
  EXPECT_FALSE(next(1, 9, 2));
  EXPECT_FALSE(next(2, 9, 5));
  EXPECT_TRUE(next(3, 9, 25));
  EXPECT_TRUE(next(8, 9, 25)) << "stands still at 9 km/h";
  EXPECT_FALSE(next(60, 9, 400)) << "over a gap nothing is known";
  EXPECT_TRUE(next(60, 9, 420)) << "no time passed";
}

TEST(plausibility, flags_strokes_and_energy_that_come_too_fast) {
  plausibility rower{limits_of(machine_class::rower)};
  auto first = moment(0);
  first.values.set(measure::stroke_count, 0.0);
  first.values.set(measure::stroke_rate_spm, 30.0);
  first.values.set(measure::energy_kcal, 0.0);
  auto second = first;
  second.elapsed_seconds = 1;
  second.values.set(measure::stroke_count, 20.0);
  second.values.set(measure::energy_kcal, 40.0);
  ASSERT_FALSE(rower.judge(first));
  ASSERT_FALSE(rower.judge(second));
  EXPECT_EQ(first.flags, 0);
  EXPECT_TRUE(second.has(sample_flag::strokes_against_rate));
  EXPECT_TRUE(second.has(sample_flag::energy_too_fast));
}

TEST(plausibility, a_refused_sample_is_not_what_the_next_is_held_against) {
  plausibility treadmill{limits_of(machine_class::treadmill)};
  ASSERT_EQ(judged(treadmill, moment(10, 9, 25)), "accepted");
  ASSERT_EQ(judged(treadmill, moment(12, 99, 50)), "value_out_of_range");
  EXPECT_EQ(judged(treadmill, moment(11, 9, 27)), "accepted");
}

}  // namespace
}  // namespace nxg::samples
