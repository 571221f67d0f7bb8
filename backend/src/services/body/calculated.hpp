#pragma once

#include "models/body_metrics.hpp"
#include "models/estimate.hpp"
#include "models/user.hpp"
#include "runtime/clock.hpp"
#include "services/body/macros.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::body {

/// What is known of the body of an account, today in its time zone.
[[nodiscard]] body_values values_of(const user& account, instant now);

/// The same as formulas take it. `gender::other` is a sex not given.
[[nodiscard]] formula_inputs inputs_of(const body_values& values, std::optional<nxg::gender> gender);

[[nodiscard]] macro_basis macro_basis_of(const user& account, instant now,
                                         formula_id bmr = formula_id::bmr_harris_benedict_revised);

/// `bmr` is one of the `bmr_*`. Estimates that lack an input are left out, but for those of mass and energy, which say
/// what they lack.
[[nodiscard]] calculated_metrics calculate_metrics(const formula_inputs& from,
                                                   std::optional<nxg::activity_level> activity,
                                                   formula_id bmr = formula_id::bmr_harris_benedict_revised);

/// Something about values that are kept all the same: a slip of the pen, or a reason to talk to somebody.
struct metric_warning {
  std::string code{};
  std::string message{};

  friend bool operator==(const metric_warning&, const metric_warning&) = default;
};
BOOST_DESCRIBE_STRUCT(metric_warning, (), (code, message))

/// BMI below 15 or above 40; body fat below 5 % or above 50 %; skeletal muscle below 0.2 or above 0.6 of the weight;
/// a weight more than a fifth away from `weight_before`.
[[nodiscard]] std::vector<metric_warning> warnings_of(const body_values& values,
                                                      std::optional<double> weight_before = std::nullopt);

}  // namespace nxg::body
