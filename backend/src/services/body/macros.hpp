#pragma once

#include "models/macro_targets.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg::body {

/// What targets are made from. `body` is what the profile says; absent is not known.
struct macro_basis {
  formula_inputs body{};
  std::optional<nxg::activity_level> activity_level{};
  std::optional<training_goal> goal{};
  std::optional<double> target_weight_kg{};
  /// In the member's own words.
  std::vector<std::string> health_conditions{};
  /// One of the `bmr_*`.
  formula_id bmr = formula_id::bmr_harris_benedict_revised;
};

/// The gym's rule: energy spent in a day by the goal's factor (0.80 weight loss, 1.10 muscle building, 1.15 weight
/// gain, 1.0 maintenance), never below 1200 kcal (women) or 1500 (men; also where the sex was not given) nor below 0.8
/// of the energy at rest; protein 1.6 g per kg of target weight (2.0 muscle building); fat 28 % of the energy; fiber 14
/// g per 1000 kcal; carbohydrates the rest. No deficit for minors, the underweight, and where a condition forbids one.
[[nodiscard]] macro_targets macro_targets_of(const macro_basis& basis);

/// Whether one of the conditions (pregnancy, breastfeeding, an eating disorder) forbids eating less than is spent.
[[nodiscard]] bool forbid_a_deficit(const std::vector<std::string>& health_conditions);

}  // namespace nxg::body
