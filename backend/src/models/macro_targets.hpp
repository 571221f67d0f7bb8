#pragma once

#include "models/body.hpp"
#include "models/estimate.hpp"
#include "models/training_need.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// What moved the targets away from the plain rule; for the member to be told, and a trainer to see.
enum class macro_note : std::uint8_t {
  /// The energy was raised to what nobody should eat less than.
  least_energy_applied,
  /// Not 0.8 of the energy at rest either.
  share_of_bmr_applied,
  no_deficit_under_18,
  no_deficit_underweight,
  /// A condition in the profile forbids a deficit: a trainer should be asked.
  no_deficit_condition,
  /// The goal's protein was more than 35 % of the energy.
  protein_bounded,
  /// No target weight in the profile: the present one was taken.
  target_weight_assumed,
};
BOOST_DESCRIBE_ENUM(macro_note, least_energy_applied, share_of_bmr_applied, no_deficit_under_18, no_deficit_underweight,
                    no_deficit_condition, protein_bounded, target_weight_assumed)

/// What a member should eat in a day. Whole numbers; absent where the profile does not say enough (`missing`).
struct macro_targets {
  formula_id formula = formula_id::macro_targets;
  std::int32_t version = 1;
  std::optional<double> calories{};
  std::optional<double> protein_g{};
  std::optional<double> carbs_g{};
  std::optional<double> fat_g{};
  std::optional<double> fiber_g{};
  /// What it was made from.
  estimate bmr{};
  estimate tdee{};
  std::optional<training_goal> goal{};
  std::optional<nxg::activity_level> activity_level{};
  std::optional<double> goal_factor{};
  std::optional<double> target_weight_kg{};
  std::vector<macro_note> notes{};
  /// Names of what the profile lacks.
  std::vector<std::string> missing{};

  friend bool operator==(const macro_targets&, const macro_targets&) = default;
};
BOOST_DESCRIBE_STRUCT(macro_targets, (),
                      (formula, version, calories, protein_g, carbs_g, fat_g, fiber_g, bmr, tdee, goal, activity_level,
                       goal_factor, target_weight_kg, notes, missing))

}  // namespace nxg
