#pragma once

#include "models/estimate.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

namespace nxg::body {

/// The gym's four words for a body-mass index: below 18.5, below 25, below 30, above.
enum class bmi_category : std::uint8_t { underweight, normal_weight, overweight, obesity };
BOOST_DESCRIBE_ENUM(bmi_category, underweight, normal_weight, overweight, obesity)

/// WHO's finer cuts: 16, 17, 18.5, 25, 30, 35, 40.
enum class bmi_class : std::uint8_t {
  severe_thinness,
  moderate_thinness,
  mild_thinness,
  normal_range,
  pre_obese,
  obese_class_1,
  obese_class_2,
  obese_class_3,
};
BOOST_DESCRIBE_ENUM(bmi_class, severe_thinness, moderate_thinness, mild_thinness, normal_range, pre_obese,
                    obese_class_1, obese_class_2, obese_class_3)

/// How many of WHO's action points for Asian populations (23, 27.5, 32.5, 37.5; WHO 2004) a BMI has passed: 0 to 4.
[[nodiscard]] std::int32_t asian_action_points_passed(double bmi) noexcept;
[[nodiscard]] bmi_category category_of(double bmi) noexcept;
[[nodiscard]] bmi_class class_of(double bmi) noexcept;

/// Where a waist stands to the thresholds of WHO: 94/80 cm (men/women) increased, 102/88 cm substantially increased.
enum class waist_band : std::uint8_t { usual, increased, substantially_increased };
BOOST_DESCRIBE_ENUM(waist_band, usual, increased, substantially_increased)
[[nodiscard]] waist_band band_of_waist(double waist_cm, body_sex sex) noexcept;

/// A waist of at least half the height.
inline constexpr double flagged_waist_to_height = 0.5;
/// The waist-to-hip ratio that is flagged: 0.90 for men, 0.85 for women.
[[nodiscard]] double flagged_waist_to_hip(body_sex sex) noexcept;

}  // namespace nxg::body
