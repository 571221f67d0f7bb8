#include "services/training/one_rep_max.hpp"

#include <cmath>

namespace nxg::training {
namespace {

constexpr std::int32_t reliable_reps = 10;

double by_formula(one_rep_max_formula by, double w, double r) noexcept {
  switch (by) {
    case one_rep_max_formula::epley: return w * (1 + r / 30);
    case one_rep_max_formula::brzycki: return 36 * w / (37 - r);
    case one_rep_max_formula::lombardi: return w * std::pow(r, 0.10);
    case one_rep_max_formula::oconner: return w * (1 + 0.025 * r);
    case one_rep_max_formula::mayhew: return 100 * w / (52.2 + 41.9 * std::exp(-0.055 * r));
    case one_rep_max_formula::wathan: return 100 * w / (48.8 + 53.8 * std::exp(-0.075 * r));
  }
  return w;
}

}  // namespace

std::optional<one_rep_max> estimate_one_rep_max(one_rep_max_formula by, double weight_kg, std::int32_t reps) noexcept {
  if (reps < 1 || reps > most_reps_for_estimate || !(weight_kg > 0)) return std::nullopt;
  if (reps == 1) return one_rep_max{weight_kg, false};
  return one_rep_max{by_formula(by, weight_kg, reps), reps > reliable_reps};
}

}  // namespace nxg::training
