#pragma once

#include "models/points.hpp"
#include "models/workout_figures.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
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
};
BOOST_DESCRIBE_STRUCT(award, (), (source_type, reason, rule, least, most))

[[nodiscard]] std::vector<award> table();

inline constexpr std::int64_t least_for_workout = 1;
inline constexpr std::int64_t most_for_workout = 50;

/// Personal records of a day beyond these are worth nothing.
inline constexpr int most_records_a_day = 3;
/// `unwitnessed`: logged by hand outside a visit.
[[nodiscard]] std::int64_t for_record(bool unwitnessed);

/// A point for each full minute trained on a machine, at least 1 and at most 50; nothing without a sample.
[[nodiscard]] std::int64_t for_workout(const workout_figures& figures);

}  // namespace nxg::points
