#include "services/training/one_rep_max.hpp"

#include "services/body/strength.hpp"

namespace nxg::training {
namespace {

formula_id id_of(one_rep_max_formula by) noexcept {
  switch (by) {
    case one_rep_max_formula::epley: return formula_id::one_rep_max_epley;
    case one_rep_max_formula::brzycki: return formula_id::one_rep_max_brzycki;
    case one_rep_max_formula::lombardi: return formula_id::one_rep_max_lombardi;
    case one_rep_max_formula::oconner: return formula_id::one_rep_max_oconner;
    case one_rep_max_formula::mayhew: return formula_id::one_rep_max_mayhew;
    case one_rep_max_formula::wathan: return formula_id::one_rep_max_wathan;
  }
  return formula_id::one_rep_max_epley;
}

}  // namespace

std::optional<one_rep_max> estimate_one_rep_max(one_rep_max_formula by, double weight_kg, std::int32_t reps) {
  // Asked for every set of a diary: what no formula answers is not put to it.
  if (reps < 1 || reps > most_reps_for_estimate || !(weight_kg > 0)) return std::nullopt;
  const auto answer = body::one_rep_max(weight_kg, reps, id_of(by));
  if (!answer.value) return std::nullopt;
  return one_rep_max{reps == 1 ? weight_kg : *answer.value, answer.confidence == confidence::low, answer.version};
}

}  // namespace nxg::training
