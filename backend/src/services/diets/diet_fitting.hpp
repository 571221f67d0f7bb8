#pragma once

#include "integrations/nutrition_planning/nutrition_planning_service.hpp"
#include "models/diet_need.hpp"
#include "models/diet_plan.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

namespace nxg::diets {

/// An outside week as the member's: whole if no meal of it names or implies what the member must not eat, else nothing,
/// and why. Days the service left out repeat those it gave.
[[nodiscard]] std::expected<diet_content, std::string> fit_diet(const integrations::outside_diet& made,
                                                                const diet_need& need);

/// Whether a member with these allergies, in their own words, and restrictions may follow it: they may be others than
/// when it was made.
[[nodiscard]] bool still_suits(const diet_content& content, const std::vector<std::string>& allergies,
                               const std::vector<dietary_restriction>& restrictions);

}  // namespace nxg::diets
