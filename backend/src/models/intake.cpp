#include "models/intake.hpp"

#include <cmath>

namespace nxg {

intake operator+(const intake& one, const intake& other) noexcept {
  return {one.energy_kcal + other.energy_kcal, one.carbs_g + other.carbs_g, one.protein_g + other.protein_g,
          one.fat_g + other.fat_g, one.fiber_g + other.fiber_g};
}

intake operator-(const intake& one, const intake& other) noexcept { return one + other * -1; }

intake operator*(const intake& one, double factor) noexcept {
  return {one.energy_kcal * factor, one.carbs_g * factor, one.protein_g * factor, one.fat_g * factor,
          one.fiber_g * factor};
}

intake rounded(const intake& exact) noexcept {
  // Adding zero turns a negative zero into a plain one.
  const auto tenth = [](double value) { return std::round(value * 10) / 10 + 0.0; };
  return {tenth(exact.energy_kcal), tenth(exact.carbs_g), tenth(exact.protein_g), tenth(exact.fat_g),
          tenth(exact.fiber_g)};
}

}  // namespace nxg
