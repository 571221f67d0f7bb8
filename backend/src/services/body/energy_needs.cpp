#include "services/body/energy_needs.hpp"

#include "services/body/formula_tables.hpp"

#include <algorithm>

namespace nxg::body {

double activity_factor(activity_level level) noexcept {
  switch (level) {
    case activity_level::sedentary: return 1.2;
    case activity_level::lightly_active: return 1.375;
    case activity_level::moderately_active: return 1.55;
    case activity_level::very_active: return 1.725;
    case activity_level::extra_active: return 1.9;
  }
  return 1.2;
}

estimate tdee(const estimate& bmr, std::optional<activity_level> level) {
  formula_inputs inputs{.bmr_kcal_per_day = bmr.value};
  if (level) inputs.activity_factor = activity_factor(*level);
  auto answer = calculate(formula_id::tdee, inputs);
  // No surer than what it is made from.
  if (answer.confidence && bmr.confidence) answer.confidence = std::min(*answer.confidence, *bmr.confidence);
  return answer;
}

bool is_bmr(formula_id formula) noexcept {
  return formula >= formula_id::bmr_harris_benedict_revised && formula <= formula_id::bmr_cunningham;
}

estimate water_target(std::optional<double> weight_kg) {
  return calculate(formula_id::water_target, {.weight_kg = weight_kg});
}

namespace {

using of = formula_inputs;

double harris_benedict(const of& given, body_sex sex) {
  const double weight = given.weight_kg.value_or(0);
  const double height = given.height_cm.value_or(0);
  const double age = given.age_years.value_or(0);
  if (sex == body_sex::male) return 88.362 + 13.397 * weight + 4.799 * height - 5.677 * age;
  return 447.593 + 9.247 * weight + 3.098 * height - 4.330 * age;
}

double mifflin(const of& given, body_sex sex) {
  return 10 * given.weight_kg.value_or(0) + 6.25 * given.height_cm.value_or(0) - 5 * given.age_years.value_or(0) +
         (sex == body_sex::male ? 5 : -161);
}

double lean_mass(const of& given) {
  return given.weight_kg.value_or(0) * (1 - given.body_fat_percent.value_or(0) / 100);
}
double katch_mcardle(const of& given, body_sex) { return 370 + 21.6 * lean_mass(given); }
double cunningham(const of& given, body_sex) { return 500 + 22 * lean_mass(given); }

formula at_rest(formula_id id, std::string name, std::string expression, std::vector<formula_input> inputs,
                std::string valid_range, std::string source) {
  return {.id = id,
          .name = std::move(name),
          .unit = "kcal/day",
          .expression = std::move(expression),
          .inputs = std::move(inputs),
          .valid_range = std::move(valid_range),
          .source = std::move(source),
          .error_band = "within 10 % for most people",
          .confidence = confidence::medium,
          .least_result = 300,
          .most_result = 10000};
}

formula revised_harris_benedict() {
  auto one = at_rest(formula_id::bmr_harris_benedict_revised, "Energy at rest, Harris-Benedict revised",
                     "men 88.362 + 13.397 * weightKg + 4.799 * heightCm - 5.677 * ageYears; women 447.593 + 9.247 * "
                     "weightKg + 3.098 * heightCm - 4.330 * ageYears",
                     {in<&of::weight_kg>(20, 500).sure(25, 180), in<&of::height_cm>(50, 300).sure(140, 210),
                      in<&of::age_years>(16, 120).sure(16, 74)},
                     "from 16 years; measured up to 74, low confidence beyond", "Roza & Shizgal 1984");
  one.differs_by_sex = true;
  one.examples = {{{.weight_kg = 76, .height_cm = 180, .age_years = 28, .sex = body_sex::male}, 1811.398},
                  {{.weight_kg = 78, .height_cm = 180, .age_years = 28, .sex = body_sex::male}, 1838.192}};
  one.equation = harris_benedict;
  return one;
}

formula mifflin_st_jeor() {
  auto one = at_rest(formula_id::bmr_mifflin_st_jeor, "Energy at rest, Mifflin-St Jeor",
                     "10 * weightKg + 6.25 * heightCm - 5 * ageYears + 5 (men), - 161 (women)",
                     {in<&of::weight_kg>(20, 500), in<&of::height_cm>(50, 300), in<&of::age_years>(19, 78)},
                     "19 to 78 years", "Mifflin et al. 1990 (n = 498)");
  one.differs_by_sex = true;
  one.adults_only = true;
  one.examples = {{{.weight_kg = 80, .height_cm = 180, .age_years = 30, .sex = body_sex::male}, 1780},
                  {{.weight_kg = 65, .height_cm = 165, .age_years = 30, .sex = body_sex::female}, 1370.25}};
  one.equation = mifflin;
  return one;
}

std::vector<formula_input> mass_and_fat() { return {in<&of::weight_kg>(20, 500), in<&of::body_fat_percent>(2, 70)}; }

std::vector<formula> by_lean_mass() {
  auto katch = at_rest(formula_id::bmr_katch_mcardle, "Energy at rest, Katch-McArdle",
                       "370 + 21.6 * weightKg * (1 - bodyFatPercent / 100)", mass_and_fat(),
                       "adults whose body fat is known", "McArdle, Katch & Katch");
  katch.adults_only = true;
  katch.examples = {{{.weight_kg = 80, .body_fat_percent = 15}, 1838.8}};
  katch.equation = katch_mcardle;
  auto athletes = at_rest(formula_id::bmr_cunningham, "Energy at rest, Cunningham",
                          "500 + 22 * weightKg * (1 - bodyFatPercent / 100)", mass_and_fat(),
                          "adult athletes whose body fat is known", "Cunningham 1980");
  athletes.adults_only = true;
  athletes.examples = {{{.weight_kg = 80, .body_fat_percent = 15}, 1996}};
  athletes.equation = cunningham;
  return {std::move(katch), std::move(athletes)};
}

formula of_a_day() {
  return {
      .id = formula_id::tdee,
      .name = "Energy spent in a day",
      .unit = "kcal/day",
      .expression = "bmrKcalPerDay * activityFactor",
      .inputs = {in<&of::bmr_kcal_per_day>(300, 10000), in<&of::activity_factor>(1.2, 1.9)},
      .valid_range =
          "sedentary 1.2, lightly active 1.375, moderately active 1.55, very active 1.725, extra active 1.9; habit, "
          "workouts included",
      .source = "habit factors of Katch & McArdle",
      .error_band = "a few hundred kcal: people judge their own activity badly",
      .confidence = confidence::medium,
      .examples = {{{.bmr_kcal_per_day = 1780, .activity_factor = 1.55}, 2759}},
      .equation = [](const of& given, body_sex) {
        return given.bmr_kcal_per_day.value_or(0) * given.activity_factor.value_or(0);
      }};
}

formula of_macros() {
  return {
      .id = formula_id::macro_targets,
      .name = "Energy and macronutrients of a day",
      .unit = "kcal/day, g/day",
      .expression =
          "calories = TDEE * 0.80 (weight_loss), 1.10 (muscle_building), 1.15 (weight_gain), 1.0 (maintenance), not "
          "below 1200 (women) or 1500 (men, or sex not given) nor below 0.8 * BMR; proteinG = 1.6 per kg of target "
          "weight (2.0 for muscle_building), at most 35 % of the energy; fatG = 28 % of the energy / 9; fiberG = 14 "
          "per "
          "1000 kcal; carbsG = the rest / 4",
      .valid_range =
          "from 16 years; no deficit under 18 years, with a body-mass index below 18.5, or with a condition that "
          "forbids one",
      .source = "goal factors and floors of this gym; fiber and the bound of protein: Institute of Medicine 2005",
      .confidence = confidence::medium};
}

formula of_water() {
  return {.id = formula_id::water_target,
          .name = "Water to drink in a day",
          .unit = "ml/day",
          .expression = "35 * weightKg",
          .inputs = {in<&of::weight_kg>(20, 200).sure(40, 120)},
          .valid_range = "up to 200 kg; healthy hearts and kidneys",
          .source = "rule of thumb of clinical nutrition, 30 to 35 ml per kg",
          .confidence = confidence::low,
          .examples = {{{.weight_kg = 70}, 2450}},
          .equation = [](const of& given, body_sex) { return 35 * given.weight_kg.value_or(0); }};
}

}  // namespace

std::vector<formula> energy_need_formulas() {
  std::vector<formula> all{revised_harris_benedict(), mifflin_st_jeor()};
  for (auto& one : by_lean_mass()) all.push_back(std::move(one));
  all.push_back(of_a_day());
  all.push_back(of_macros());
  all.push_back(of_water());
  return all;
}

}  // namespace nxg::body
