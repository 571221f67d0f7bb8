#pragma once

#include <boost/describe/class.hpp>

namespace nxg {

/// Energy and macronutrients of something eaten.
struct intake {
  double energy_kcal = 0;
  double carbs_g = 0;
  double protein_g = 0;
  double fat_g = 0;
  double fiber_g = 0;

  friend bool operator==(const intake&, const intake&) = default;
};
BOOST_DESCRIBE_STRUCT(intake, (), (energy_kcal, carbs_g, protein_g, fat_g, fiber_g))

[[nodiscard]] intake operator+(const intake& one, const intake& other) noexcept;
[[nodiscard]] intake operator-(const intake& one, const intake& other) noexcept;
[[nodiscard]] intake operator*(const intake& one, double factor) noexcept;
/// To a tenth of each unit: more digits than anybody can measure would only look exact.
[[nodiscard]] intake rounded(const intake& exact) noexcept;

}  // namespace nxg
