#pragma once

#include "models/estimate.hpp"

#include <cstdint>

namespace nxg::body {

/// The most that could be lifted once, in kg, from `reps` lifts of `load_kg` to failure, by one of the
/// `one_rep_max_*` formulas; Epley (1985) is the gym's own. No value above 12 repetitions, one of low confidence at 11
/// and 12: the error grows beyond 10 (Reynolds 2006). A single by Epley is the load itself.
[[nodiscard]] estimate one_rep_max(double load_kg, std::int32_t reps, formula_id by = formula_id::one_rep_max_epley);

}  // namespace nxg::body
