#pragma once

#include "models/food.hpp"
#include "models/intake.hpp"

#include <vector>

namespace nxg::diets {

/// What is in so many grams.
[[nodiscard]] intake intake_of(const food& one, double grams);

/// One food of a dish: fixed by the recipe, or so much that the meal comes to its target.
struct ingredient {
  const food* what = nullptr;
  double grams = 0;
  bool fixed = false;
  /// Nobody eats more of it at one meal.
  double most_grams = 0;
};

/// Sets the grams of those that are not fixed so that protein, carbohydrates and fat, each as energy, come as near to
/// the target as they can, and then the energy of the whole to its target; to 5 g.
void portion(std::vector<ingredient>& dish, const intake& target);

[[nodiscard]] intake total_of(const std::vector<ingredient>& dish);

}  // namespace nxg::diets
