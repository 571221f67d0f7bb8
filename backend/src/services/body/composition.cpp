#include "services/body/composition.hpp"

#include "services/body/formula_tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nxg::body {

std::int32_t asian_action_points_passed(double bmi) noexcept {
  constexpr std::array<double, 4> points{23, 27.5, 32.5, 37.5};
  return static_cast<std::int32_t>(std::ranges::count_if(points, [bmi](double point) { return bmi >= point; }));
}

bmi_category category_of(double bmi) noexcept {
  if (bmi < 18.5) return bmi_category::underweight;
  if (bmi < 25) return bmi_category::normal_weight;
  if (bmi < 30) return bmi_category::overweight;
  return bmi_category::obesity;
}

bmi_class class_of(double bmi) noexcept {
  constexpr std::array<double, 7> cuts{16, 17, 18.5, 25, 30, 35, 40};
  return static_cast<bmi_class>(std::ranges::count_if(cuts, [bmi](double cut) { return bmi >= cut; }));
}

waist_band band_of_waist(double waist_cm, body_sex sex) noexcept {
  const bool is_man = sex == body_sex::male;
  if (waist_cm >= (is_man ? 102 : 88)) return waist_band::substantially_increased;
  if (waist_cm >= (is_man ? 94 : 80)) return waist_band::increased;
  return waist_band::usual;
}

double flagged_waist_to_hip(body_sex sex) noexcept { return sex == body_sex::male ? 0.90 : 0.85; }

namespace {

using of = formula_inputs;

double bmi(const of& given, body_sex) {
  const double meters = given.height_cm.value_or(0) / 100;
  return given.weight_kg.value_or(0) / (meters * meters);
}

// What the tape is put around, less the neck: not positive for bodies there are none of, whose logarithm is no number.
double girth_cm(const of& given, body_sex sex) {
  const double hip = sex == body_sex::male ? 0 : given.hip_cm.value_or(0);
  return given.waist_cm.value_or(0) + hip - given.neck_cm.value_or(0);
}

double navy_inch(const of& given, body_sex sex) {
  constexpr double cm_per_inch = 2.54;
  const double girth = std::log10(girth_cm(given, sex) / cm_per_inch);
  const double height = std::log10(given.height_cm.value_or(0) / cm_per_inch);
  if (sex == body_sex::male) return 86.010 * girth - 70.041 * height + 36.76;
  return 163.205 * girth - 97.684 * height - 78.387;
}

double navy_cm(const of& given, body_sex sex) {
  const double girth = std::log10(girth_cm(given, sex));
  const double height = std::log10(given.height_cm.value_or(0));
  if (sex == body_sex::male) return 495 / (1.0324 - 0.19077 * girth + 0.15456 * height) - 450;
  return 495 / (1.29579 - 0.35004 * girth + 0.22100 * height) - 450;
}

double deurenberg(const of& given, body_sex sex) {
  return 1.20 * given.bmi.value_or(0) + 0.23 * given.age_years.value_or(0) - (sex == body_sex::male ? 10.8 : 0) - 5.4;
}

formula_input height() { return in<&of::height_cm>(50, 300); }

formula navy(formula_id id, std::string name, std::string expression, double of_man, double of_woman,
             decltype(formula::equation) equation) {
  return {.id = id,
          .name = std::move(name),
          .unit = "%",
          .expression = std::move(expression),
          .inputs = {height(), in<&of::waist_cm>(30, 250), in<&of::neck_cm>(15, 80),
                     in<&of::hip_cm>(40, 250).only(input_need::of_women)},
          .differs_by_sex = true,
          .adults_only = true,
          .valid_range = "adults; waist wider than neck",
          .source = "Hodgdon & Beckett 1984",
          .error_band = "standard error 3.5 (men) and 3.7 (women) percentage points",
          .confidence = confidence::medium,
          .examples = {{{.height_cm = 180, .sex = body_sex::male, .waist_cm = 90, .neck_cm = 40}, of_man},
                       {{.height_cm = 165, .sex = body_sex::female, .waist_cm = 75, .hip_cm = 100, .neck_cm = 33},
                        of_woman}},
          .equation = equation,
          .least_result = 2,
          .most_result = 70};
}

formula index_of_mass() {
  return {.id = formula_id::bmi,
          .name = "Body-mass index",
          .unit = "kg/m2",
          .expression = "weightKg / (heightCm / 100)^2",
          .inputs = {in<&of::weight_kg>(20, 500), height(),
                     in<&of::age_years>(adult_from_years, 120).sure(20, 120).only(input_need::where_given)},
          .adults_only = true,
          .valid_range =
              "adults from 20 years (18 and 19 with low confidence). Cuts of WHO: 16, 17, 18.5, 25, 30, 35, 40; action "
              "points for Asian populations: 23, 27.5, 32.5, 37.5 (WHO 2004)",
          .source = "WHO 2000; WHO expert consultation 2004",
          .error_band = "exact as a ratio; says nothing of what the mass consists of",
          .confidence = confidence::high,
          .examples = {{{.weight_kg = 80, .height_cm = 180}, 24.691}},
          .equation = bmi};
}

formula fat_by_index() {
  return {.id = formula_id::body_fat_deurenberg,
          .name = "Body fat from the body-mass index, Deurenberg",
          .unit = "%",
          .expression = "1.20 * bmi + 0.23 * ageYears - 10.8 * (1 for men, 0 for women) - 5.4",
          .inputs = {in<&of::bmi>(13, 50), in<&of::age_years>(adult_from_years, 90).sure(18, 83)},
          .differs_by_sex = true,
          .adults_only = true,
          .valid_range = "adults; body-mass index 13 to 50",
          .source = "Deurenberg, Weststrate & Seidell 1991",
          .error_band = "standard error 4.1 percentage points",
          .confidence = confidence::low,
          .examples = {{{.age_years = 30, .sex = body_sex::male, .bmi = 24.691}, 20.329}},
          .equation = deurenberg,
          .least_result = 2,
          .most_result = 70};
}

std::vector<formula> waist_formulas() {
  return {
      {.id = formula_id::waist_to_height_ratio,
       .name = "Waist-to-height ratio",
       .unit = "ratio",
       .expression = "waistCm / heightCm",
       .inputs = {in<&of::waist_cm>(30, 250), height()},
       .adults_only = true,
       .valid_range = "adults; flagged from 0.5",
       .source = "Browning, Hsieh & Ashwell 2010",
       .confidence = confidence::high,
       .examples = {{{.height_cm = 180, .waist_cm = 90}, 0.5}},
       .equation = [](const of& given, body_sex) { return given.waist_cm.value_or(0) / given.height_cm.value_or(1); }},
      {.id = formula_id::waist_to_hip_ratio,
       .name = "Waist-to-hip ratio",
       .unit = "ratio",
       .expression = "waistCm / hipCm",
       .inputs = {in<&of::waist_cm>(30, 250), in<&of::hip_cm>(40, 250)},
       .adults_only = true,
       .valid_range = "adults; flagged from 0.90 (men), 0.85 (women). Waist alone: 94/80 cm and 102/88 cm",
       .source = "WHO expert consultation 2008",
       .confidence = confidence::high,
       .examples = {{{.waist_cm = 75, .hip_cm = 100}, 0.75}},
       .equation = [](const of& given, body_sex) { return given.waist_cm.value_or(0) / given.hip_cm.value_or(1); }}};
}

}  // namespace

std::vector<formula> composition_formulas() {
  std::vector<formula> all{
      index_of_mass(),
      navy(formula_id::body_fat_navy_inch, "Body fat from a tape, US Navy, in inches",
           "men 86.010 * log10(waist - neck) - 70.041 * log10(height) + 36.76; women 163.205 * log10(waist + hip - "
           "neck) - 97.684 * log10(height) - 78.387; all in inches",
           18.462, 29.739, navy_inch),
      navy(formula_id::body_fat_navy_cm, "Body fat from a tape, US Navy, by density, in cm",
           "men 495 / (1.0324 - 0.19077 * log10(waistCm - neckCm) + 0.15456 * log10(heightCm)) - 450; women 495 / "
           "(1.29579 - 0.35004 * log10(waistCm + hipCm - neckCm) + 0.22100 * log10(heightCm)) - 450",
           18.367, 29.434, navy_cm),
      fat_by_index()};
  for (auto& one : waist_formulas()) all.push_back(std::move(one));
  return all;
}

}  // namespace nxg::body
