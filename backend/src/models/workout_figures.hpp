#pragma once

#include "models/sample.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace nxg {

/// Where an energy figure is from, best first.
enum class energy_source : std::uint8_t { measured_power, heart_rate, met, machine };
BOOST_DESCRIBE_ENUM(energy_source, measured_power, heart_rate, met, machine)

/// One finished set of a strength workout.
struct set_figures {
  std::int32_t number = 1;
  std::int32_t reps = 0;
  double weight_kg = 0;
  /// reps x weight
  double volume_kg = 0;
  std::optional<double> duration_seconds;
  std::optional<double> rest_seconds;
  std::optional<std::string> exercise;

  friend bool operator==(const set_figures&, const set_figures&) = default;
};
BOOST_DESCRIBE_STRUCT(set_figures, (), (number, reps, weight_kg, volume_kg, duration_seconds, rest_seconds, exercise))

/// What a workout came to. What no sample told is absent, never 0.
///
/// Counters (duration, distance, strokes, floors, the machine's own energy) are, in each epoch, the largest value less
/// the smallest, summed over epochs. Averages are plain means over the samples that carry the value.
struct workout_figures {
  std::int64_t samples = 0;
  std::int64_t flagged_samples = 0;
  double duration_seconds = 0;
  std::optional<double> distance_meters;
  std::optional<double> average_speed_kmh;
  std::optional<double> max_speed_kmh;
  std::optional<double> average_power_watts;
  std::optional<double> max_power_watts;
  std::optional<double> average_cadence_rpm;
  std::optional<double> average_stroke_rate_spm;
  std::optional<double> stroke_count;
  std::optional<double> average_steps_per_minute;
  std::optional<double> floors;
  /// One figure per interval between samples, by the best source it has.
  std::optional<double> energy_kcal;
  /// The source of most of `energy_kcal`.
  std::optional<nxg::energy_source> energy_source;
  /// What the machine itself counted; it does not know who trains. Kept beside, never added.
  std::optional<double> machine_energy_kcal;
  std::int64_t set_count = 0;
  std::int64_t reps = 0;
  double volume_kg = 0;
  /// In order; at most 500.
  std::vector<set_figures> sets;

  friend bool operator==(const workout_figures&, const workout_figures&) = default;
};
BOOST_DESCRIBE_STRUCT(workout_figures, (),
                      (samples, flagged_samples, duration_seconds, distance_meters, average_speed_kmh, max_speed_kmh,
                       average_power_watts, max_power_watts, average_cadence_rpm, average_stroke_rate_spm, stroke_count,
                       average_steps_per_minute, floors, energy_kcal, energy_source, machine_energy_kcal, set_count,
                       reps, volume_kg, sets))

/// Heart rates are health data: kept apart, encrypted.
struct heart_rate_figures {
  std::optional<double> average_bpm;
  std::optional<double> max_bpm;

  friend bool operator==(const heart_rate_figures&, const heart_rate_figures&) = default;
};
BOOST_DESCRIBE_STRUCT(heart_rate_figures, (), (average_bpm, max_bpm))

enum class body_sex : std::uint8_t { female, male };
BOOST_DESCRIBE_ENUM(body_sex, female, male)

/// What energy formulas ask about a body, as the member gave it when the workout began.
struct body_facts {
  std::optional<double> weight_kg;
  std::optional<double> age_years;
  std::optional<body_sex> sex;

  friend bool operator==(const body_facts&, const body_facts&) = default;
};
BOOST_DESCRIBE_STRUCT(body_facts, (), (weight_kg, age_years, sex))

}  // namespace nxg
