#include "services/diets/meal_portions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nxg::diets {
namespace {

constexpr int sweeps = 200;
constexpr double step_grams = 5;

/// Protein, carbohydrates and fat as energy, in kcal.
using energies = std::array<double, 3>;

energies energies_of(const intake& of) { return {4 * of.protein_g, 4 * of.carbs_g, 9 * of.fat_g}; }

void fit_macros(std::vector<ingredient>& dish, const intake& target) {
  const auto wanted = energies_of(target);
  auto missing = wanted;
  const auto add = [&](const ingredient& one, double grams) {
    const auto more = energies_of(intake_of(*one.what, grams));
    for (std::size_t i = 0; i < missing.size(); ++i) missing.at(i) -= more.at(i);
  };
  for (const auto& one : dish) add(one, one.grams);
  // Coordinate descent: the sum of squares is convex, so each sweep comes nearer.
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (auto& one : dish) {
      if (one.fixed) continue;
      const auto per_gram = energies_of(intake_of(*one.what, 1));
      double along = 0;
      double length = 0;
      for (std::size_t i = 0; i < missing.size(); ++i) {
        along += missing.at(i) * per_gram.at(i);
        length += per_gram.at(i) * per_gram.at(i);
      }
      if (length <= 0) continue;
      const double now = std::clamp(one.grams + along / length, 0.0, one.most_grams);
      add(one, now - one.grams);
      one.grams = now;
    }
  }
}

/// What the macros left out may still be needed for the energy, where all the rest is at its most.
void fill_up(std::vector<ingredient>& dish, double kcal) {
  for (auto& one : dish) {
    const double missing = kcal - total_of(dish).energy_kcal;
    const double per_gram = intake_of(*one.what, 1).energy_kcal;
    if (one.fixed || missing <= 0 || per_gram <= 0) continue;
    one.grams = std::min(one.most_grams, one.grams + missing / per_gram);
  }
}

void fit_energy(std::vector<ingredient>& dish, double kcal) {
  for (int round = 0; round < 4; ++round) {
    double movable = 0;
    for (const auto& one : dish) {
      if (!one.fixed) movable += intake_of(*one.what, one.grams).energy_kcal;
    }
    if (movable <= 0) return;
    const double factor = std::max(0.0, 1 + (kcal - total_of(dish).energy_kcal) / movable);
    for (auto& one : dish) {
      if (!one.fixed) one.grams = std::min(one.grams * factor, one.most_grams);
    }
  }
  fill_up(dish, kcal);
}

}  // namespace

intake intake_of(const food& one, double grams) {
  const auto& n = one.per_100g;
  const intake of_100g{n.energy_kcal, n.carbs_g, n.protein_g, n.fat_g, n.fiber_g.value_or(0)};
  return of_100g * (grams / 100);
}

intake total_of(const std::vector<ingredient>& dish) {
  intake sum;
  for (const auto& one : dish) sum = sum + intake_of(*one.what, one.grams);
  return sum;
}

void portion(std::vector<ingredient>& dish, const intake& target) {
  fit_macros(dish, target);
  fit_energy(dish, target.energy_kcal);
  for (auto& one : dish) {
    // Oil is measured by the gram.
    const double step = one.what->per_100g.energy_kcal > 500 ? 1 : step_grams;
    one.grams = std::round(one.grams / step) * step;
  }
  std::erase_if(dish, [](const ingredient& one) { return one.grams <= 0; });
}

}  // namespace nxg::diets
