#pragma once

#include "models/machine_class.hpp"
#include "models/measure.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <vector>

namespace nxg {

/// A model's own bound for one measure, beating that of its class.
struct measure_limit {
  nxg::measure measure = measure::speed_kmh;
  double least = 0;
  double most = 0;
};
BOOST_DESCRIBE_STRUCT(measure_limit, (), (measure, least, most))

/// What a machine can physically say; anything else in a sample is a defect of it.
struct plausibility_limits {
  struct range {
    double least = 0;
    double most = 0;
    [[nodiscard]] bool holds(double value) const noexcept { return value >= least && value <= most; }
  };

  /// One bit per measure: what machines of this class report at all.
  std::uint16_t reported = 0;
  std::array<range, measure_count> of{};
  range elapsed_seconds{0, 14'400};
  bool sets = false;
  range set_reps{0, 200};
  range set_weight_kg{0, 500};
  range set_duration_seconds{0, 3'600};
  range set_rest_seconds{0, 3'600};

  [[nodiscard]] const range& operator[](measure what) const noexcept { return of[static_cast<std::size_t>(what)]; }
};

/// The limits of a class (speeds: treadmill and rower 30 km/h, bikes 120 km/h, others 40 km/h), with a model's own
/// limits put over them. A model may also report a measure its class does not, by giving a limit for it.
[[nodiscard]] plausibility_limits limits_of(machine_class kind, const std::vector<measure_limit>& own = {});

}  // namespace nxg
