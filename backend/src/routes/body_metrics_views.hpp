#pragma once

#include "models/body_metrics.hpp"
#include "models/macro_targets.hpp"
#include "services/body/metrics.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Body metrics as callers send and see them.
namespace nxg::routes {

struct demographics_given {
  std::optional<body_height_cm> height_cm{};
  std::optional<body_weight_kg> weight_kg{};
  std::optional<body_weight_kg> target_weight_kg{};
  std::optional<nxg::gender> gender{};
  std::optional<nxg::activity_level> activity_level{};
};
BOOST_DESCRIBE_STRUCT(demographics_given, (), (height_cm, weight_kg, target_weight_kg, gender, activity_level))

struct composition_given : body_composition {
  std::optional<schema::bounded<double, 0.0, 10000.0>> minerals_mg{};

  static constexpr schema::note descriptions[] = {
      {"minerals_mg", "An older name of `mineralsGrams`: grams, whatever it says"}};
  static void check(const composition_given& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(composition_given, (body_composition), (minerals_mg))

/// What a member may say of where values are from. Scans confirm theirs by themselves.
enum class given_source : std::uint8_t { manual, smart_scale, fitness_assessment };
BOOST_DESCRIBE_ENUM(given_source, manual, smart_scale, fitness_assessment)

struct body_metrics_given {
  std::optional<demographics_given> demographics{};
  std::optional<composition_given> body_composition{};
  std::optional<body_measurements> measurements{};
  std::optional<given_source> source{};
  std::optional<metric_notes> notes{};

  static constexpr schema::note descriptions[] = {
      {"body_composition", "Needs consent of type health_data"},
      {"measurements", "Circumferences; needs consent of type health_data"},
      {"source", "`manual` when absent; what an admin enters is `admin_entry`"}};
  static void check(const body_metrics_given& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(body_metrics_given, (), (demographics, body_composition, measurements, source, notes))

[[nodiscard]] body::body_changes changes_of(const body_metrics_given& given);
[[nodiscard]] metric_source source_of(const body_metrics_given& given);

struct demographics_view {
  std::optional<double> height_cm{};
  std::optional<double> weight_kg{};
  std::optional<double> target_weight_kg{};
  /// Target less present weight.
  std::optional<double> goal_weight_diff_kg{};
  std::optional<std::int32_t> age{};
  std::optional<nxg::gender> gender{};
  std::optional<nxg::activity_level> activity_level{};
};
BOOST_DESCRIBE_STRUCT(demographics_view, (),
                      (height_cm, weight_kg, target_weight_kg, goal_weight_diff_kg, age, gender, activity_level))

struct current_macros_view : macro_targets {
  std::optional<instant> valid_till{};
};
BOOST_DESCRIBE_STRUCT(current_macros_view, (macro_targets), (valid_till))

struct metrics_validation {
  bool is_valid = true;
  std::vector<body::metric_warning> warnings{};
};
BOOST_DESCRIBE_STRUCT(metrics_validation, (), (is_valid, warnings))

struct body_metrics_view {
  demographics_view demographics{};
  nxg::body_composition body_composition{};
  body_measurements measurements{};
  std::optional<current_macros_view> current_macros{};
  calculated_metrics calculated{};
  metrics_validation validation{};
  /// Of the newest record.
  std::optional<instant> recorded_at{};
  std::optional<metric_source> source{};

  static constexpr std::string_view schema_name = "BodyMetrics";
  static constexpr schema::note descriptions[] = {
      {"validation", "`isValid` is false where values are unusual: they are kept all the same"}};
};
BOOST_DESCRIBE_STRUCT(body_metrics_view, (),
                      (demographics, body_composition, measurements, current_macros, calculated, validation,
                       recorded_at, source))

struct recorded_demographics {
  std::optional<double> height_cm{};
  std::optional<double> weight_kg{};
  std::optional<double> target_weight_kg{};
  std::optional<std::int32_t> age{};
  std::optional<double> bmi{};
};
BOOST_DESCRIBE_STRUCT(recorded_demographics, (), (height_cm, weight_kg, target_weight_kg, age, bmi))

struct body_record_view {
  uuid id{};
  instant recorded_at{};
  metric_source source = metric_source::manual;
  std::vector<std::string> changed{};
  recorded_demographics demographics{};
  nxg::body_composition body_composition{};
  body_measurements measurements{};
  calculated_metrics calculated{};
  std::optional<std::string> notes{};

  static constexpr std::string_view schema_name = "BodyMetricsRecord";
  static constexpr schema::note descriptions[] = {
      {"changed", "What was given then; the other values are what was known already"}};
};
BOOST_DESCRIBE_STRUCT(body_record_view, (),
                      (id, recorded_at, source, changed, demographics, body_composition, measurements, calculated,
                       notes))

[[nodiscard]] body_metrics_view view_of(const body::body_state& state);
[[nodiscard]] body_record_view view_of(const body_record& record);

}  // namespace nxg::routes
