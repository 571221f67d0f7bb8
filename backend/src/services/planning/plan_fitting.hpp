#pragma once

#include "models/training_need.hpp"
#include "models/workout_plan.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/contraindications.hpp"

#include <cstdint>
#include <optional>

namespace nxg::planning {

/// What became of a plan from outside when it was held against our library and the member's restrictions.
struct fitted_plan {
  plan_content content;
  /// Exercises exchanged for one of the library that trains the same, and left out for want of one.
  std::int32_t replaced = 0;
  std::int32_t dropped = 0;
};

/// Ties the exercises of a plan to the library and takes out what the member must not or does not want to do: such an
/// exercise is exchanged for one of the same muscles, else left out. An exercise the library does not know stays as it
/// is named, unless the member has a condition: then nothing proves that it is safe.
/// Nothing when a training day is left without exercises: the plan cannot be used.
[[nodiscard]] std::optional<fitted_plan> fit_plan(plan_content content, const training_need& need,
                                                  const exercises::library& library);

/// Whether every exercise of a plan made earlier is still one the member may do.
[[nodiscard]] bool still_suits(const plan_content& content, const training_need& need,
                               const exercises::library& library);

}  // namespace nxg::planning
