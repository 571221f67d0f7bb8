#pragma once

#include "models/body.hpp"
#include "models/estimate.hpp"

#include <optional>

namespace nxg::body {

/// Habitual activity as a factor of the energy spent at rest: 1.2, 1.375, 1.55, 1.725, 1.9. Workouts are in it.
[[nodiscard]] double activity_factor(activity_level level) noexcept;

/// Energy spent in a day, kcal: `bmr` x the factor. Nothing where `bmr` has no value. Do not add workouts.
[[nodiscard]] estimate tdee(const estimate& bmr, std::optional<activity_level> level);

/// Whether the formula estimates energy at rest: one of the `bmr_*`.
[[nodiscard]] bool is_bmr(formula_id formula) noexcept;

/// Water to drink in a day, ml: 35 per kg.
[[nodiscard]] estimate water_target(std::optional<double> weight_kg);

}  // namespace nxg::body
