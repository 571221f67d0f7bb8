#pragma once

#include "models/body_metrics.hpp"
#include "models/estimate.hpp"

#include <cstdint>
#include <optional>

namespace nxg::body {

/// How many of WHO's action points for Asian populations (23, 27.5, 32.5, 37.5; WHO 2004) a BMI has passed: 0 to 4.
[[nodiscard]] std::int32_t asian_action_points_passed(double bmi) noexcept;
[[nodiscard]] bmi_category category_of(double bmi) noexcept;
[[nodiscard]] bmi_class class_of(double bmi) noexcept;

[[nodiscard]] waist_band band_of_waist(double waist_cm, body_sex sex) noexcept;

/// A waist of at least half the height.
inline constexpr double flagged_waist_to_height = 0.5;
/// The waist-to-hip ratio that is flagged: 0.90 for men, 0.85 for women.
[[nodiscard]] double flagged_waist_to_hip(body_sex sex) noexcept;

}  // namespace nxg::body
