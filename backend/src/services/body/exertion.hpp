#pragma once

namespace nxg::body {

/// The bare equations of work and energy, for whoever has checked the ranges (they stand in `formulas()`).

/// kcal/min at `met` (Compendium 2024): MET x 3.5 x kg / 200.
[[nodiscard]] double met_kcal_per_minute(double met, double weight_kg) noexcept;

/// kcal/min from heart rate (Keytel et al. 2005), for women and men.
[[nodiscard]] double keytel_kcal_per_minute_of_women(double beats_per_minute, double weight_kg,
                                                     double age_years) noexcept;
[[nodiscard]] double keytel_kcal_per_minute_of_men(double beats_per_minute, double weight_kg,
                                                   double age_years) noexcept;

/// Oxygen uptake, ml/kg/min, in steady state by ACSM's equations. Speeds in m/min, grade as a fraction, height in m.
[[nodiscard]] double vo2_walking(double meters_per_minute, double grade) noexcept;
[[nodiscard]] double vo2_running(double meters_per_minute, double grade) noexcept;
[[nodiscard]] double vo2_cycling(double watts, double weight_kg) noexcept;
[[nodiscard]] double vo2_stepping(double steps_per_minute, double step_height_meters) noexcept;

/// A Concept2 rower: watts of a pace, and kcal/h of watts for the machine's person of 79.5 kg and for another.
[[nodiscard]] double concept2_watts(double seconds_per_500_meters) noexcept;
[[nodiscard]] double concept2_kcal_per_hour(double watts) noexcept;
[[nodiscard]] double concept2_kcal_per_hour(double watts, double weight_kg) noexcept;

}  // namespace nxg::body
