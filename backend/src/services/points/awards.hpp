#pragma once

#include "models/meal.hpp"
#include "models/points.hpp"
#include "models/workout_figures.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::points {

/// One line of the published table of awards. Clients never send points; this is all there is to get.
struct award {
  points_source source_type = points_source::workout;
  std::string reason;
  std::string rule;
  std::int64_t least = 0;
  std::int64_t most = 0;
  /// How many of a local date are rewarded; absent: all.
  std::optional<std::int64_t> most_per_day = {};
};
BOOST_DESCRIBE_STRUCT(award, (), (source_type, reason, rule, least, most, most_per_day))

[[nodiscard]] std::vector<award> table();

inline constexpr std::int64_t least_for_workout = 1;
inline constexpr std::int64_t most_for_workout = 50;

/// Personal records of a day beyond these are worth nothing.
inline constexpr int most_records_a_day = 3;
/// `unwitnessed`: logged by hand outside a visit.
[[nodiscard]] std::int64_t for_record(bool unwitnessed);

/// A point for each full minute trained on a machine, at least 1 and at most 50; nothing without a sample.
[[nodiscard]] std::int64_t for_workout(const workout_figures& figures);

inline constexpr std::int64_t points_for_meal = 5;
inline constexpr std::size_t rewarded_meals_per_day = 3;

/// What a meal is worth among all meals of its day: the first three whose figures count, in the order they were eaten,
/// are rewarded. Nothing for one that is not among them.
[[nodiscard]] std::int64_t for_meal(const uuid& id, const std::vector<meal>& of_day);

}  // namespace nxg::points
