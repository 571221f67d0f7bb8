#pragma once

#include "models/machine_class.hpp"
#include "models/sample.hpp"
#include "models/workout_figures.hpp"

#include <cstdint>
#include <map>

namespace nxg::workouts {

/// All samples of one workout: by source, then by seq. A sample that came twice is here once.
using sample_set = std::map<sample_source, std::map<std::int64_t, sample>>;

struct all_figures {
  workout_figures workout;
  heart_rate_figures heart_rate;
};

/// What these samples come to. Pure: the same samples in any order of arrival give the same figures, so late ones are
/// taken in by computing again.
[[nodiscard]] all_figures figures_of(const sample_set& samples, machine_class kind, const body_facts& body);

}  // namespace nxg::workouts
