#include "services/points/awards.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nxg::points {

std::vector<award> table() {
  return {{points_source::workout, "workout_completed",
           "One point for each full minute trained on a connected machine, and for a shorter workout one.",
           least_for_workout, most_for_workout},
          {points_source::personal_record, "personal_record",
           "15 points for a training entry that beats everything logged before for its exercise, for at most three a "
           "day; half of it, rounded down, for one logged by hand outside a visit.",
           for_record(true), for_record(false)},
          {points_source::meal, "meal_logged",
           "For a meal in the diary whose figures are confirmed, or were told with enough confidence.", points_for_meal,
           points_for_meal, static_cast<std::int64_t>(rewarded_meals_per_day)}};
}

std::int64_t for_record(bool unwitnessed) {
  constexpr std::int64_t whole = 15;
  return unwitnessed ? whole / 2 : whole;
}

std::int64_t for_workout(const workout_figures& figures) {
  if (figures.samples == 0) return 0;
  const auto minutes = static_cast<std::int64_t>(std::floor(figures.duration_seconds / 60));
  return std::clamp(minutes, least_for_workout, most_for_workout);
}

std::int64_t for_meal(const uuid& id, const std::vector<meal>& of_day) {
  std::vector<const meal*> counting;
  for (const auto& one : of_day) {
    if (one.counts()) counting.push_back(&one);
  }
  std::ranges::sort(counting, {}, [](const meal* one) { return std::pair{one->logged_at, one->id}; });
  if (counting.size() > rewarded_meals_per_day) counting.resize(rewarded_meals_per_day);
  const bool rewarded = std::ranges::any_of(counting, [&](const meal* one) { return one->id == id; });
  return rewarded ? points_for_meal : 0;
}

}  // namespace nxg::points
