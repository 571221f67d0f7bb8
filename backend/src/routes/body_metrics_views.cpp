#include "routes/body_metrics_views.hpp"

#include <cmath>

namespace nxg::routes {
namespace {

template <class Bounded>
std::optional<double> plain(const std::optional<Bounded>& value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}

}  // namespace

void composition_given::check(const composition_given& given, schema::problems& found) {
  if (given.minerals_mg && given.minerals_grams)
    found.add_at("/mineralsMg", "not_allowed", "is another name of mineralsGrams: send one of them");
}

void body_metrics_given::check(const body_metrics_given& given, schema::problems& found) {
  if (body::names_of(changes_of(given)).empty()) found.add("empty", "must have at least one value");
}

body::body_changes changes_of(const body_metrics_given& given) {
  body::body_changes made;
  if (given.demographics) {
    made.height_cm = given.demographics->height_cm;
    made.weight_kg = given.demographics->weight_kg;
    made.target_weight_kg = given.demographics->target_weight_kg;
    made.gender = given.demographics->gender;
    made.activity_level = given.demographics->activity_level;
  }
  if (given.body_composition) {
    made.composition = *given.body_composition;
    if (given.body_composition->minerals_mg) made.composition.minerals_grams = given.body_composition->minerals_mg;
  }
  if (given.measurements) made.measurements = *given.measurements;
  made.notes = given.notes;
  return made;
}

metric_source source_of(const body_metrics_given& given) {
  switch (given.source.value_or(given_source::manual)) {
    case given_source::manual: return metric_source::manual;
    case given_source::smart_scale: return metric_source::smart_scale;
    case given_source::fitness_assessment: return metric_source::fitness_assessment;
  }
  return metric_source::manual;
}

body_metrics_view view_of(const body::body_state& state) {
  const auto& values = state.values;
  body_metrics_view shown{.demographics = {.height_cm = plain(values.height_cm),
                                           .weight_kg = plain(values.weight_kg),
                                           .target_weight_kg = plain(values.target_weight_kg),
                                           .age = values.age_years,
                                           .gender = state.account.gender,
                                           .activity_level = state.account.activity_level},
                          .body_composition = values.composition,
                          .measurements = values.measurements,
                          .calculated = state.calculated,
                          .validation = {state.warnings.empty(), state.warnings}};
  auto& demographics = shown.demographics;
  if (demographics.target_weight_kg && demographics.weight_kg) {
    const double difference = *demographics.target_weight_kg - *demographics.weight_kg;
    demographics.goal_weight_diff_kg = std::round(difference * 100) / 100;
  }
  if (state.account.current_macros) {
    auto& macros = shown.current_macros.emplace();
    static_cast<macro_targets&>(macros) = state.account.current_macros->value();
    macros.valid_till = state.account.macros_valid_until;
  }
  if (state.account.last_body_record) {
    const auto& newest = state.account.last_body_record->value();
    shown.recorded_at = newest.recorded_at;
    shown.source = newest.source;
  }
  return shown;
}

body_record_view view_of(const body_record& record) {
  const auto& values = record.values.value();
  body_record_view shown{.id = record.id,
                         .recorded_at = record.recorded_at,
                         .source = record.source,
                         .changed = record.changed,
                         .demographics = {plain(values.height_cm), plain(values.weight_kg),
                                          plain(values.target_weight_kg), values.age_years, record.calculated->bmi},
                         .body_composition = values.composition,
                         .measurements = values.measurements,
                         .calculated = record.calculated.value()};
  if (record.notes) shown.notes = record.notes->value().value();
  return shown;
}

}  // namespace nxg::routes
