#pragma once

#include "models/machine_class.hpp"
#include "models/sample.hpp"
#include "models/workout_figures.hpp"

#include <optional>

namespace nxg::workouts {

/// What one interval cost, and how it is known.
struct energy {
  double kcal = 0;
  energy_source source = energy_source::machine;
};

/// Mechanical power on a bike, cross trainer or climber to energy spent: ACSM's leg cycling equation
/// (VO2 = 7 + 10.8 W/kg, ml/kg/min, 50-200 W; 5 kcal per litre) where the weight is known, else a gross efficiency of
/// 24 % (so that 1 kJ on the pedals is about 1 kcal spent).
[[nodiscard]] double kcal_per_minute_of_power(double watts, std::optional<double> weight_kg);

/// Concept2's figure for a rower: kcal/h = 4 x 0.8604 W + 300, for 79.5 kg; by weight (kcal/h - 300) x kg / 79.5 + 300.
[[nodiscard]] double kcal_per_minute_of_rowing(double watts, std::optional<double> weight_kg);

/// Keytel et al. 2005, from heart rate. Nothing outside 90-200 beats/min, 47-120 kg or 18-70 years, or with a fact
/// missing; the mean of both equations where the sex was not given.
[[nodiscard]] std::optional<double> kcal_per_minute_of_heart_rate(double beats_per_minute, const body_facts& who);

/// ACSM's walking (below 7.2 km/h) and running equations, in METs; grade in percent.
[[nodiscard]] double met_of_treadmill(double speed_kmh, double grade_percent);

/// Adult Compendium 2024 where nothing better is measured: elliptical 02048 5.0, stationary bike 01200 6.8, rower
/// 02071 5.0, stairs 02065 9.3, resistance training 02054 3.5, circuit training 02035 5.0.
[[nodiscard]] double met_of(machine_class kind);

/// The interval from `from` to `to`, neighbours in one epoch, by the best source it has: measured power, heart rate,
/// MET, the machine's own counter. Nothing when none can tell.
[[nodiscard]] std::optional<energy> energy_between(const sample& from, const sample& to, machine_class kind,
                                                   const body_facts& who);

}  // namespace nxg::workouts
