#include "services/meals/judgement.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::meals {
namespace {

bool fits_macros(const intake& of) {
  const double held = 4 * of.carbs_g + 4 * of.protein_g + 9 * of.fat_g;
  const double off = std::abs(held - of.energy_kcal);
  return off <= 40 || off <= 0.25 * of.energy_kcal;
}

/// Fibre is counted among the carbohydrates; figures are rounded.
bool fits_carbs(const intake& of) { return of.fiber_g <= of.carbs_g + 5; }

}  // namespace

intake totals_of(const std::vector<meal_item>& items) {
  intake sum;
  for (const auto& one : items) sum = sum + one.nutrition;
  return rounded(sum);
}

std::vector<meal_doubt> doubts_about(const std::vector<meal_item>& items) {
  std::vector<meal_doubt> doubts;
  if (std::ranges::any_of(items, [](const auto& one) { return one.nutrition.energy_kcal > most_item_kcal; })) {
    doubts.push_back(meal_doubt::item_energy_out_of_range);
  }
  if (!std::ranges::all_of(items, [](const auto& one) { return fits_macros(one.nutrition); })) {
    doubts.push_back(meal_doubt::energy_does_not_fit_macros);
  }
  if (!std::ranges::all_of(items, [](const auto& one) { return fits_carbs(one.nutrition); })) {
    doubts.push_back(meal_doubt::fiber_exceeds_carbs);
  }
  if (totals_of(items).energy_kcal > most_meal_kcal) doubts.push_back(meal_doubt::meal_energy_out_of_range);
  return doubts;
}

std::vector<meal_doubt> doubts_about(const std::vector<meal_item>& items, const std::optional<double>& confidence) {
  auto doubts = doubts_about(items);
  if (!confidence) {
    doubts.push_back(meal_doubt::confidence_unknown);
  } else if (*confidence < sure_enough) {
    doubts.push_back(meal_doubt::low_confidence);
  }
  return doubts;
}

}  // namespace nxg::meals
