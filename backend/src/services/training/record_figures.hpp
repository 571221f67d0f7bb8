#pragma once

#include "models/exercise_log.hpp"
#include "models/personal_record.hpp"
#include "services/training/one_rep_max.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace nxg::training {

/// The last so many entries that set a record are kept.
inline constexpr std::size_t most_setters = 200;

/// What the entries of one exercise come to; `logs` in the order of time. Sets to warm up do not count.
///
/// An entry sets a record where it beats everything before it: a heavier weight, more repetitions with at least that
/// weight, a higher estimated maximum (Epley), a longer time, or more volume on its day than on any day before. The
/// entries of the first day are what later ones are compared with: they set none.
[[nodiscard]] record_figures figures_of(const std::vector<exercise_log>& logs);

/// The set that gives the highest estimate.
struct estimated_maximum {
  one_rep_max value;
  best_set from;
};
[[nodiscard]] std::optional<estimated_maximum> best_estimate(const record_figures& figures, one_rep_max_formula by);

/// Sum of load times repetitions, warm-ups apart.
[[nodiscard]] double volume_of(const std::vector<logged_set>& sets);

}  // namespace nxg::training
