#include "services/workouts/energy.hpp"

#include <gtest/gtest.h>

namespace nxg::workouts {
namespace {

const body_facts man{75, 35, body_sex::male};
const body_facts woman{60, 35, body_sex::female};

TEST(energy, agrees_with_published_vectors) {
  EXPECT_NEAR(*kcal_per_minute_of_heart_rate(140, man), 13.193, 0.001);
  EXPECT_NEAR(*kcal_per_minute_of_heart_rate(140, woman), 8.895, 0.001);
  EXPECT_NEAR(met_of_treadmill(10, 1) * 3.5, 38.333, 0.001);
  EXPECT_NEAR(met_of_treadmill(5, 5) * 3.5, 19.333, 0.001);
  EXPECT_NEAR(kcal_per_minute_of_power(150, 75), 28.6 * 75 / 1000 * 5, 1e-9);
  EXPECT_NEAR(kcal_per_minute_of_rowing(202.546, std::nullopt) * 60, 997.083, 0.01);
}

TEST(energy, of_a_kilojoule_on_the_pedals_is_about_a_kilocalorie) {
  EXPECT_NEAR(kcal_per_minute_of_power(300, std::nullopt), 300 * 60 / 1000.0, 0.1);
}

TEST(energy, does_not_guess_from_a_heart_rate_outside_the_formula) {
  EXPECT_FALSE(kcal_per_minute_of_heart_rate(80, man));
  EXPECT_FALSE(kcal_per_minute_of_heart_rate(140, {75, std::nullopt, body_sex::male}));
  EXPECT_FALSE(kcal_per_minute_of_heart_rate(140, {130, 35, body_sex::male}));
  const auto both = *kcal_per_minute_of_heart_rate(140, {75, 35, std::nullopt});
  EXPECT_GT(both, *kcal_per_minute_of_heart_rate(140, {75, 35, body_sex::female}));
  EXPECT_LT(both, *kcal_per_minute_of_heart_rate(140, man));
}

struct ride {
  sample from;
  sample to;
  ride() {
    to.elapsed_seconds = 60;
    to.values.set(measure::power_watts, 150.0);
    to.values.set(measure::heart_rate_bpm, 140.0);
    from.values.set(measure::energy_kcal, 10.0);
    to.values.set(measure::energy_kcal, 14.0);
  }
};

TEST(energy, takes_the_best_source_an_interval_has) {
  const ride of;
  auto without_power = of.to;
  without_power.values = {};
  without_power.values.set(measure::heart_rate_bpm, 140.0);
  without_power.values.set(measure::energy_kcal, 14.0);
  auto bare = of.to;
  bare.values = {};
  bare.values.set(measure::energy_kcal, 14.0);
  const auto source = [&](const sample& to, const body_facts& body) {
    return energy_between(of.from, to, machine_class::indoor_bike, body)->source;
  };
  EXPECT_EQ(source(of.to, man), energy_source::measured_power);
  EXPECT_EQ(source(without_power, man), energy_source::heart_rate);
  EXPECT_EQ(source(without_power, {75, {}, {}}), energy_source::met);
  EXPECT_EQ(source(bare, {}), energy_source::machine);
  EXPECT_EQ(energy_between(of.from, bare, machine_class::indoor_bike, {})->kcal, 4);
  bare.values = {};
  EXPECT_FALSE(energy_between(of.from, bare, machine_class::indoor_bike, {}));
}

TEST(energy, does_not_stretch_a_rate_over_a_long_gap) {
  ride of;
  of.to.elapsed_seconds = 600;
  EXPECT_EQ(energy_between(of.from, of.to, machine_class::indoor_bike, man)->source, energy_source::machine);
}

}  // namespace
}  // namespace nxg::workouts
