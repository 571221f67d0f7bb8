#pragma once

#include "models/meal.hpp"

#include <optional>
#include <vector>

namespace nxg::meals {

inline constexpr double most_item_kcal = 3'000;
inline constexpr double most_meal_kcal = 5'000;
/// What a service must be sure of for its figures to count unconfirmed.
inline constexpr double sure_enough = 0.7;

/// The sum, to a tenth.
[[nodiscard]] intake totals_of(const std::vector<meal_item>& items);

/// What is odd about figures, whoever gave them: an item above 3,000 kcal, a meal above 5,000 kcal, energy that is off
/// what the macronutrients hold (4 kcal per g of carbohydrates and protein, 9 per g of fat: Atwater) by more than 25 %
/// and by more than 40 kcal, an item with over 5 g more fibre than carbohydrates.
[[nodiscard]] std::vector<meal_doubt> doubts_about(const std::vector<meal_item>& items);
/// The same of what a service saw, with what it says of its own sureness.
[[nodiscard]] std::vector<meal_doubt> doubts_about(const std::vector<meal_item>& items,
                                                   const std::optional<double>& confidence);

}  // namespace nxg::meals
