#pragma once

#include "models/body.hpp"
#include "models/estimate.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// Where measured values are from.
enum class metric_source : std::uint8_t { manual, body_scan, smart_scale, fitness_assessment, admin_entry };
BOOST_DESCRIBE_ENUM(metric_source, manual, body_scan, smart_scale, fitness_assessment, admin_entry)

template <double Least, double Most>
using within = std::optional<schema::bounded<double, Least, Most>>;

/// What a device measured of a body; what it did not measure is absent.
struct body_composition {
  std::optional<schema::bounded<std::int32_t, 10, 120>> body_age{};
  within<0.0, 200.0> fat_mass_kg{};
  within<0.0, 100.0> skeletal_muscle_mass_kg{};
  /// kg/m3
  within<5.0, 30.0> rohrer_index{};
  within<0.0, 100.0> body_fat_percentage{};
  within<0.5, 2.0> waist_to_hip_ratio{};
  within<0.0, 500.0> visceral_fat_area_cm2{};
  within<1.0, 30.0> visceral_fat_level{};
  within<0.0, 100.0> subcutaneous_fat_mass_kg{};
  within<0.0, 50.0> extracellular_water_l{};
  within<0.0, 100.0> body_cell_mass_kg{};
  within<0.0, 5.0> bcm_to_ecw_ratio{};
  within<0.0, 1.0> ecw_to_tbw_ratio{};
  within<0.0, 1.0> tbw_to_ffm_ratio{};
  /// By the device; the estimate by formula is `calculated.bmr`.
  within<800.0, 5000.0> basal_metabolic_rate_kcal{};
  within<0.0, 50000.0> protein_grams{};
  within<0.0, 10000.0> minerals_grams{};
};
BOOST_DESCRIBE_STRUCT(body_composition, (),
                      (body_age, fat_mass_kg, skeletal_muscle_mass_kg, rohrer_index, body_fat_percentage,
                       waist_to_hip_ratio, visceral_fat_area_cm2, visceral_fat_level, subcutaneous_fat_mass_kg,
                       extracellular_water_l, body_cell_mass_kg, bcm_to_ecw_ratio, ecw_to_tbw_ratio, tbw_to_ffm_ratio,
                       basal_metabolic_rate_kcal, protein_grams, minerals_grams))

/// Circumferences; of arms, thighs and calves the mean of both sides.
struct body_measurements {
  within<15.0, 80.0> neck_cm{};
  within<30.0, 250.0> chest_cm{};
  within<30.0, 250.0> waist_cm{};
  within<40.0, 250.0> hip_cm{};
  within<10.0, 100.0> arms_cm{};
  within<20.0, 150.0> thighs_cm{};
  within<15.0, 100.0> calves_cm{};
};
BOOST_DESCRIBE_STRUCT(body_measurements, (), (neck_cm, chest_cm, waist_cm, hip_cm, arms_cm, thighs_cm, calves_cm))

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

/// Where a waist stands to the thresholds of WHO: 94/80 cm (men/women) increased, 102/88 cm substantially increased.
enum class waist_band : std::uint8_t { usual, increased, substantially_increased };
BOOST_DESCRIBE_ENUM(waist_band, usual, increased, substantially_increased)
/// What the gym's formulas make of a body. Rounded as people read it; `estimates` have the exact values, formulas and
/// inputs.
struct calculated_metrics {
  /// Two decimals.
  std::optional<double> bmi{};
  std::optional<nxg::bmi_category> bmi_category{};
  std::optional<nxg::bmi_class> bmi_class{};
  /// Energy at rest, whole kcal/day.
  std::optional<double> bmr{};
  /// Energy spent in a day, whole kcal.
  std::optional<double> tdee{};
  std::optional<nxg::waist_band> waist_band{};
  std::vector<estimate> estimates{};
};
BOOST_DESCRIBE_STRUCT(calculated_metrics, (), (bmi, bmi_category, bmi_class, bmr, tdee, waist_band, estimates))

/// A body at a moment: what is known of it, also of what did not change then.
struct body_values {
  std::optional<body_height_cm> height_cm{};
  std::optional<body_weight_kg> weight_kg{};
  std::optional<body_weight_kg> target_weight_kg{};
  /// Completed years.
  std::optional<std::int32_t> age_years{};
  body_composition composition{};
  body_measurements measurements{};
};
BOOST_DESCRIBE_STRUCT(body_values, (), (height_cm, weight_kg, target_weight_kg, age_years, composition, measurements))

using metric_notes = schema::text<0, 500>;

/// One change of a body's figures. Written once.
struct body_record {
  uuid id{};
  std::int64_t version = 0;
  uuid member_id{};
  instant recorded_at{};
  metric_source source = metric_source::manual;
  /// Who entered it, where that was not the member.
  std::optional<uuid> entered_by{};
  /// The names of what was given, as on the wire; never values.
  std::vector<std::string> changed{};
  schema::encrypted<body_values> values{};
  schema::encrypted<calculated_metrics> calculated{};
  std::optional<schema::encrypted<metric_notes>> notes{};
};
BOOST_DESCRIBE_STRUCT(body_record, (),
                      (id, version, member_id, recorded_at, source, entered_by, changed, values, calculated, notes))
store::declaration<body_record> declare(store::tag<body_record>);

/// A member's figures changed: the record of it belongs into the history, and the member's devices want to know.
/// Carries no value: they are health data.
struct body_metrics_changed {
  uuid member_id;
  /// Absent where only targets were computed anew.
  std::optional<uuid> record_id;
  std::vector<std::string> changed;
};
BOOST_DESCRIBE_STRUCT(body_metrics_changed, (), (member_id, record_id, changed))
store::event_declaration<body_metrics_changed> declare(store::tag<body_metrics_changed>);

}  // namespace nxg
