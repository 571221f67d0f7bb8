#include "services/points/awards.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::points {

std::vector<award> table() {
  return {{points_source::workout, "workout_completed",
           "One point for each full minute trained on a connected machine.", least_for_workout, most_for_workout}};
}

std::int64_t for_workout(const workout_figures& figures) {
  if (figures.samples == 0) return 0;
  const auto minutes = static_cast<std::int64_t>(std::floor(figures.duration_seconds / 60));
  return std::clamp(minutes, least_for_workout, most_for_workout);
}

}  // namespace nxg::points
