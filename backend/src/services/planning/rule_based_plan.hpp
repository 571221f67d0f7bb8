#pragma once

#include "models/training_need.hpp"
#include "models/workout_plan.hpp"

#include <expected>
#include <span>
#include <string>

namespace nxg::planning {

/// A plan made by rules alone, for when the planning service cannot be asked: a split by days a week, exercises of the
/// library that suit the member's level, equipment and rest day, sets and repetitions by goal.
///
/// Sets, repetitions and rests follow the ranges of the American College of Sports Medicine's position stand
/// *Progression models in resistance training for healthy adults* (Med Sci Sports Exerc 2009;41:687-708).
///
/// The same need and library give the same plan. The error is the reason why no plan can be given, for the log (it
/// names no condition): a condition that is not understood, or too few exercises left once the ruled-out ones are gone.
[[nodiscard]] std::expected<plan_content, std::string> make_rule_based_plan(const training_need& need,
                                                                            std::span<const exercise> library);

}  // namespace nxg::planning
