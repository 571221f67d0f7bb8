#include "services/body/exertion.hpp"

#include "services/body/formula_tables.hpp"

namespace nxg::body {

namespace {
constexpr double kilojoules_per_kcal = 4.184;
}

double met_kcal_per_minute(double met, double weight_kg) noexcept { return met * 3.5 * weight_kg / 200; }

double keytel_kcal_per_minute_of_women(double beats, double weight_kg, double age_years) noexcept {
  return (-20.4022 + 0.4472 * beats - 0.1263 * weight_kg + 0.074 * age_years) / kilojoules_per_kcal;
}

double keytel_kcal_per_minute_of_men(double beats, double weight_kg, double age_years) noexcept {
  return (-55.0969 + 0.6309 * beats + 0.1988 * weight_kg + 0.2017 * age_years) / kilojoules_per_kcal;
}

double vo2_walking(double meters_per_minute, double grade) noexcept {
  return 3.5 + 0.1 * meters_per_minute + 1.8 * meters_per_minute * grade;
}
double vo2_running(double meters_per_minute, double grade) noexcept {
  return 3.5 + 0.2 * meters_per_minute + 0.9 * meters_per_minute * grade;
}
double vo2_cycling(double watts, double weight_kg) noexcept { return 7 + 10.8 * watts / weight_kg; }
double vo2_stepping(double steps_per_minute, double step_height_meters) noexcept {
  return 3.5 + 0.2 * steps_per_minute + 2.394 * step_height_meters * steps_per_minute;
}

double concept2_watts(double seconds_per_500_meters) noexcept {
  const double seconds_per_meter = seconds_per_500_meters / 500;
  return 2.80 / (seconds_per_meter * seconds_per_meter * seconds_per_meter);
}
double concept2_kcal_per_hour(double watts) noexcept { return 4 * 0.8604 * watts + 300; }
double concept2_kcal_per_hour(double watts, double weight_kg) noexcept {
  return (concept2_kcal_per_hour(watts) - 300) * weight_kg / 79.5 + 300;
}

namespace {

using of = formula_inputs;

formula_input compendium_age() {
  return in<&of::age_years>(adult_from_years, 120).sure(19, 59).only(input_need::where_given);
}

std::vector<formula> energy_formulas() {
  return {
      {.id = formula_id::met_energy,
       .name = "Energy of an activity, gross",
       .unit = "kcal/min",
       .expression = "met * 3.5 * weightKg / 200",
       .inputs = {in<&of::met>(0.9, 25), in<&of::weight_kg>(20, 500), compendium_age()},
       .adults_only = true,
       .valid_range = "19 to 59 years; older adults have a table of their own",
       .source = "Adult Compendium of Physical Activities 2024",
       .error_band = "a mean over people: single ones differ by a fifth and more",
       .confidence = confidence::low,
       .examples = {{{.weight_kg = 70, .met = 8}, 9.8}},
       .equation = [](const of& given,
                      body_sex) { return met_kcal_per_minute(given.met.value_or(0), given.weight_kg.value_or(0)); }},
      {.id = formula_id::met_energy_net,
       .name = "Energy of an activity beyond that of rest",
       .unit = "kcal/min",
       .expression = "(met - 1) * 3.5 * weightKg / 200",
       .inputs = {in<&of::met>(1, 25), in<&of::weight_kg>(20, 500), compendium_age()},
       .adults_only = true,
       .valid_range = "19 to 59 years; older adults have a table of their own",
       .source = "Adult Compendium of Physical Activities 2024",
       .error_band = "a mean over people: single ones differ by a fifth and more",
       .confidence = confidence::low,
       .examples = {{{.weight_kg = 70, .met = 8}, 8.575}},
       .equation =
           [](const of& given, body_sex) {
             return met_kcal_per_minute(given.met.value_or(0) - 1, given.weight_kg.value_or(0));
           }},
      {.id = formula_id::energy_keytel,
       .name = "Energy from heart rate, Keytel",
       .unit = "kcal/min",
       .expression =
           "men (-55.0969 + 0.6309 * heartRateBpm + 0.1988 * weightKg + 0.2017 * ageYears) / 4.184; women (-20.4022 + "
           "0.4472 * heartRateBpm - 0.1263 * weightKg + 0.074 * ageYears) / 4.184",
       .inputs = {in<&of::heart_rate_bpm>(90, 200), in<&of::weight_kg>(47, 120),
                  in<&of::age_years>(adult_from_years, 70).sure(18, 45)},
       .differs_by_sex = true,
       .adults_only = true,
       .valid_range = "18 to 45 years (to 70 with low confidence), 47 to 120 kg, steady work",
       .source = "Keytel et al. 2005",
       .confidence = confidence::medium,
       .examples = {{{.weight_kg = 75, .age_years = 35, .sex = body_sex::male, .heart_rate_bpm = 140}, 13.193},
                    {{.weight_kg = 60, .age_years = 35, .sex = body_sex::female, .heart_rate_bpm = 140}, 8.895}},
       .equation =
           [](const of& given, body_sex sex) {
             const auto by = sex == body_sex::male ? keytel_kcal_per_minute_of_men : keytel_kcal_per_minute_of_women;
             return by(given.heart_rate_bpm.value_or(0), given.weight_kg.value_or(0), given.age_years.value_or(0));
           }},
  };
}

formula acsm(formula_id id, std::string name, std::string expression, std::string valid_range,
             std::vector<formula_input> inputs, worked_example example, decltype(formula::equation) equation) {
  return {.id = id,
          .name = std::move(name),
          .unit = "ml/kg/min",
          .expression = std::move(expression),
          .inputs = std::move(inputs),
          .valid_range = std::move(valid_range),
          .source = "ACSM's Guidelines for Exercise Testing and Prescription",
          .error_band = "standard error about 7 % in steady state",
          .confidence = confidence::medium,
          .examples = {example},
          .equation = equation};
}

std::vector<formula> oxygen_formulas() {
  return {
      acsm(formula_id::vo2_walking, "Oxygen uptake, walking",
           "3.5 + 0.1 * speedMetersPerMinute + 1.8 * speedMetersPerMinute * gradeFraction",
           "50 to 100 m/min, steady state",
           {in<&of::speed_meters_per_minute>(50, 100), in<&of::grade_fraction>(0, 0.4)},
           {{.speed_meters_per_minute = 5000 / 60.0, .grade_fraction = 0.05}, 19.333},
           [](const of& given, body_sex) {
             return vo2_walking(given.speed_meters_per_minute.value_or(0), given.grade_fraction.value_or(0));
           }),
      acsm(formula_id::vo2_running, "Oxygen uptake, running",
           "3.5 + 0.2 * speedMetersPerMinute + 0.9 * speedMetersPerMinute * gradeFraction",
           "above 134 m/min, steady state",
           {in<&of::speed_meters_per_minute>(134, 450), in<&of::grade_fraction>(0, 0.4)},
           {{.speed_meters_per_minute = 10000 / 60.0, .grade_fraction = 0.01}, 38.333},
           [](const of& given, body_sex) {
             return vo2_running(given.speed_meters_per_minute.value_or(0), given.grade_fraction.value_or(0));
           }),
      acsm(formula_id::vo2_cycling, "Oxygen uptake, cycling", "7 + 10.8 * powerWatts / weightKg",
           "50 to 200 W, steady state", {in<&of::power_watts>(50, 200), in<&of::weight_kg>(20, 500)},
           {{.weight_kg = 75, .power_watts = 150}, 28.6},
           [](const of& given, body_sex) {
             return vo2_cycling(given.power_watts.value_or(0), given.weight_kg.value_or(1));
           }),
      acsm(formula_id::vo2_stepping, "Oxygen uptake, stepping",
           "3.5 + 0.2 * stepsPerMinute + 2.394 * stepHeightMeters * stepsPerMinute",
           "12 to 30 steps/min of 0.04 to 0.40 m, steady state",
           {in<&of::steps_per_minute>(12, 30), in<&of::step_height_meters>(0.04, 0.4)},
           {{.steps_per_minute = 24, .step_height_meters = 0.3}, 25.537},
           [](const of& given, body_sex) {
             return vo2_stepping(given.steps_per_minute.value_or(0), given.step_height_meters.value_or(0));
           }),
  };
}

std::vector<formula> rowing_formulas() {
  return {
      {.id = formula_id::concept2_power,
       .name = "Power of a rowing pace, Concept2",
       .unit = "W",
       .expression = "2.80 / (secondsPer500Meters / 500)^3",
       .inputs = {in<&of::seconds_per_500_meters>(60, 600)},
       .valid_range = "1:00 to 10:00 per 500 m",
       .source = "Concept2",
       .confidence = confidence::high,
       .examples = {{{.seconds_per_500_meters = 120}, 202.546}},
       .equation = [](const of& given, body_sex) { return concept2_watts(given.seconds_per_500_meters.value_or(0)); }},
      {.id = formula_id::concept2_energy,
       .name = "Energy of rowing, Concept2",
       .unit = "kcal/h",
       .expression = "4 * 0.8604 * powerWatts + 300; by weight 4 * 0.8604 * powerWatts * weightKg / 79.5 + 300",
       .inputs = {in<&of::power_watts>(0, 1500), in<&of::weight_kg>(20, 500).only(input_need::where_given)},
       .valid_range = "rowers",
       .source = "Concept2",
       .confidence = confidence::medium,
       .examples = {{{.power_watts = 202.546296}, 997.083}},
       .equation =
           [](const of& given, body_sex) {
             const double watts = given.power_watts.value_or(0);
             return given.weight_kg ? concept2_kcal_per_hour(watts, *given.weight_kg) : concept2_kcal_per_hour(watts);
           }},
  };
}

}  // namespace

std::vector<formula> exertion_formulas() {
  std::vector<formula> all = energy_formulas();
  for (auto& one : oxygen_formulas()) all.push_back(std::move(one));
  for (auto& one : rowing_formulas()) all.push_back(std::move(one));
  return all;
}

}  // namespace nxg::body
