#include "services/body/calculated.hpp"

#include "services/body/composition.hpp"
#include "services/body/energy_needs.hpp"
#include "services/body/formulas.hpp"
#include "utilities/time_zones.hpp"

#include <cmath>
#include <utility>

namespace nxg::body {
namespace {

template <class Bounded>
std::optional<double> plain(const std::optional<Bounded>& value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}

template <class Value>
std::optional<Value> opened(const std::optional<schema::encrypted<Value>>& sealed) {
  if (!sealed) return std::nullopt;
  return sealed->value();
}

std::optional<double> rounded(const std::optional<double>& value, double steps_per_unit) {
  if (!value) return std::nullopt;
  return std::round(*value * steps_per_unit) / steps_per_unit;
}

std::optional<body_sex> sex_of(std::optional<nxg::gender> given) {
  if (given == gender::male) return body_sex::male;
  if (given == gender::female) return body_sex::female;
  return std::nullopt;
}

std::optional<double> mass_index(const body_values& values) {
  return calculate(formula_id::bmi, {.weight_kg = plain(values.weight_kg), .height_cm = plain(values.height_cm)}).value;
}

}  // namespace

body_values values_of(const user& account, instant now) {
  body_values values{.height_cm = opened(account.height_cm),
                     .weight_kg = opened(account.weight_kg),
                     .target_weight_kg = opened(account.target_weight_kg),
                     .composition = opened(account.body_composition).value_or(body_composition{}),
                     .measurements = opened(account.body_measurements).value_or(body_measurements{})};
  if (account.date_of_birth) {
    const auto today = utilities::local_date_at(now, account.time_zone.value());
    values.age_years = utilities::age_on(*account.date_of_birth, today);
  }
  return values;
}

formula_inputs inputs_of(const body_values& values, std::optional<nxg::gender> gender) {
  return {.weight_kg = plain(values.weight_kg),
          .height_cm = plain(values.height_cm),
          .age_years = plain(values.age_years),
          .sex = sex_of(gender),
          .body_fat_percent = plain(values.composition.body_fat_percentage),
          .waist_cm = plain(values.measurements.waist_cm),
          .hip_cm = plain(values.measurements.hip_cm),
          .neck_cm = plain(values.measurements.neck_cm)};
}

macro_basis macro_basis_of(const user& account, instant now, formula_id bmr) {
  const auto values = values_of(account, now);
  macro_basis basis{.body = inputs_of(values, account.gender),
                    .activity_level = account.activity_level,
                    .goal = account.goal,
                    .target_weight_kg = plain(values.target_weight_kg),
                    .bmr = bmr};
  if (account.health_conditions) {
    for (const auto& condition : account.health_conditions->value()) basis.health_conditions.push_back(condition);
  }
  return basis;
}

calculated_metrics calculate_metrics(const formula_inputs& from, std::optional<nxg::activity_level> activity,
                                     formula_id bmr) {
  calculated_metrics made;
  auto inputs = from;
  auto mass = calculate(formula_id::bmi, inputs);
  inputs.bmi = mass.value;
  made.bmi = rounded(mass.value, 100);
  if (mass.value) {
    made.bmi_category = category_of(*mass.value);
    made.bmi_class = class_of(*mass.value);
  }
  auto rest = calculate(bmr, inputs);
  auto day = tdee(rest, activity);
  made.bmr = rounded(rest.value, 1);
  made.tdee = rounded(day.value, 1);
  const bool adult = inputs.age_years && *inputs.age_years >= adult_from_years;
  if (adult && inputs.waist_cm && inputs.sex) made.waist_band = band_of_waist(*inputs.waist_cm, *inputs.sex);
  made.estimates = {std::move(mass), std::move(rest), std::move(day)};
  for (const auto id : {formula_id::water_target, formula_id::body_fat_navy_cm, formula_id::body_fat_deurenberg,
                        formula_id::waist_to_height_ratio, formula_id::waist_to_hip_ratio}) {
    auto one = calculate(id, inputs);
    if (one.missing.empty()) made.estimates.push_back(std::move(one));
  }
  return made;
}

std::vector<metric_warning> warnings_of(const body_values& values, std::optional<double> weight_before) {
  std::vector<metric_warning> found;
  const auto weight = plain(values.weight_kg);
  if (const auto bmi = mass_index(values); bmi && (*bmi < 15 || *bmi > 40))
    found.push_back({"bmi_unusual", "Height and weight give a body-mass index below 15 or above 40: are they right?"});
  if (const auto fat = plain(values.composition.body_fat_percentage); fat && (*fat < 5 || *fat > 50))
    found.push_back({"body_fat_unusual", "A body fat below 5 % or above 50 % is rare: is it right?"});
  if (const auto muscle = plain(values.composition.skeletal_muscle_mass_kg); muscle && weight) {
    const double share = *muscle / *weight;
    if (share < 0.2 || share > 0.6)
      found.push_back({"muscle_share_unusual", "Skeletal muscle is usually 20 to 60 % of the weight: is it right?"});
  }
  if (weight && weight_before && std::abs(*weight - *weight_before) > *weight_before / 5)
    found.push_back({"weight_changed_much", "The weight is more than a fifth away from the one before: is it right?"});
  return found;
}

}  // namespace nxg::body
