#pragma once

#include "models/workout_figures.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// The formulas of the gym, each once; what they are is in `services/body/formulas.hpp`. Append only: answers that are
/// kept name them.
enum class formula_id : std::uint8_t {
  bmi,
  bmr_harris_benedict_revised,
  bmr_mifflin_st_jeor,
  bmr_katch_mcardle,
  bmr_cunningham,
  tdee,
  macro_targets,
  water_target,
  body_fat_navy_inch,
  body_fat_navy_cm,
  body_fat_deurenberg,
  waist_to_height_ratio,
  waist_to_hip_ratio,
  one_rep_max_epley,
  one_rep_max_brzycki,
  one_rep_max_lombardi,
  one_rep_max_oconner,
  one_rep_max_mayhew,
  one_rep_max_wathan,
  dots,
  met_energy,
  met_energy_net,
  energy_keytel,
  vo2_walking,
  vo2_running,
  vo2_cycling,
  vo2_stepping,
  concept2_power,
  concept2_energy,
};
BOOST_DESCRIBE_ENUM(formula_id, bmi, bmr_harris_benedict_revised, bmr_mifflin_st_jeor, bmr_katch_mcardle,
                    bmr_cunningham, tdee, macro_targets, water_target, body_fat_navy_inch, body_fat_navy_cm,
                    body_fat_deurenberg, waist_to_height_ratio, waist_to_hip_ratio, one_rep_max_epley,
                    one_rep_max_brzycki, one_rep_max_lombardi, one_rep_max_oconner, one_rep_max_mayhew,
                    one_rep_max_wathan, dots, met_energy, met_energy_net, energy_keytel, vo2_walking, vo2_running,
                    vo2_cycling, vo2_stepping, concept2_power, concept2_energy)

enum class confidence : std::uint8_t { low, medium, high };
BOOST_DESCRIBE_ENUM(confidence, low, medium, high)

/// What formulas are given; each takes what it needs, units in the names. What is not known is absent, never 0.
struct formula_inputs {
  std::optional<double> weight_kg{};
  std::optional<double> height_cm{};
  std::optional<double> age_years{};
  /// Absent: the formulas that differ by it are calculated for both.
  std::optional<body_sex> sex{};
  std::optional<double> body_fat_percent{};
  std::optional<double> waist_cm{};
  std::optional<double> hip_cm{};
  std::optional<double> neck_cm{};
  std::optional<double> bmi{};
  std::optional<double> bmr_kcal_per_day{};
  std::optional<double> activity_factor{};
  std::optional<double> load_kg{};
  std::optional<double> reps{};
  std::optional<double> total_kg{};
  std::optional<double> met{};
  std::optional<double> heart_rate_bpm{};
  std::optional<double> speed_meters_per_minute{};
  std::optional<double> grade_fraction{};
  std::optional<double> power_watts{};
  std::optional<double> steps_per_minute{};
  std::optional<double> step_height_meters{};
  std::optional<double> seconds_per_500_meters{};

  friend bool operator==(const formula_inputs&, const formula_inputs&) = default;
};
BOOST_DESCRIBE_STRUCT(formula_inputs, (),
                      (weight_kg, height_cm, age_years, sex, body_fat_percent, waist_cm, hip_cm, neck_cm, bmi,
                       bmr_kcal_per_day, activity_factor, load_kg, reps, total_kg, met, heart_rate_bpm,
                       speed_meters_per_minute, grade_fraction, power_watts, steps_per_minute, step_height_meters,
                       seconds_per_500_meters))

/// A figure for women and for men, where the sex was not given.
struct both_sexes {
  double female = 0;
  double male = 0;

  friend bool operator==(const both_sexes&, const both_sexes&) = default;
};
BOOST_DESCRIBE_STRUCT(both_sexes, (), (female, male))

/// A computed figure, and all that is needed to judge it.
struct estimate {
  formula_id formula = formula_id::bmi;
  /// Of the formula: changes when its answers do.
  std::int32_t version = 1;
  std::string unit{};
  /// Absent where an input is missing or the formula does not hold for it; see `missing` and `outside`. The mean of
  /// `by_sex` where the sex counts and was not given.
  std::optional<double> value{};
  std::optional<both_sexes> by_sex{};
  bool out_of_range = false;
  std::optional<nxg::confidence> confidence{};
  /// The inputs it was computed from: those the formula takes, as far as they were given.
  formula_inputs inputs{};
  /// Names of inputs it needs and was not given.
  std::vector<std::string> missing{};
  /// Names of inputs outside the formula's range; `value` where the result would be none a body has.
  std::vector<std::string> outside{};

  friend bool operator==(const estimate&, const estimate&) = default;
};
BOOST_DESCRIBE_STRUCT(estimate, (),
                      (formula, version, unit, value, by_sex, out_of_range, confidence, inputs, missing, outside))

}  // namespace nxg
