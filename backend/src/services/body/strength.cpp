#include "services/body/strength.hpp"

#include "services/body/formula_tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nxg::body {
namespace {

using of = formula_inputs;

double load(const of& given) { return given.load_kg.value_or(0); }
double reps(const of& given) { return given.reps.value_or(0); }

double epley(const of& given, body_sex) {
  return reps(given) == 1 ? load(given) : load(given) * (1 + reps(given) / 30);
}
double brzycki(const of& given, body_sex) { return 36 * load(given) / (37 - reps(given)); }
double lombardi(const of& given, body_sex) { return load(given) * std::pow(reps(given), 0.10); }
double oconner(const of& given, body_sex) { return load(given) * (1 + 0.025 * reps(given)); }
double mayhew(const of& given, body_sex) { return 100 * load(given) / (52.2 + 41.9 * std::exp(-0.055 * reps(given))); }
double wathan(const of& given, body_sex) { return 100 * load(given) / (48.8 + 53.8 * std::exp(-0.075 * reps(given))); }

// A fourth-degree polynomial of the body weight, which runs away outside the weights it was fitted to.
double dots(const of& given, body_sex sex) {
  constexpr std::array<double, 5> men{-307.75076, 24.0900756, -0.1918759221, 7.391293e-4, -1.093e-6};
  constexpr std::array<double, 5> women{-57.96288, 13.6175032, -0.1126655495, 5.158568e-4, -1.0706e-6};
  const bool is_man = sex == body_sex::male;
  const double weight = std::clamp(given.weight_kg.value_or(0), 40.0, is_man ? 210.0 : 150.0);
  double divisor = 0;
  double power = 1;
  for (const double coefficient : is_man ? men : women) {
    divisor += coefficient * power;
    power *= weight;
  }
  return 500 * given.total_kg.value_or(0) / divisor;
}

formula one_rep(formula_id id, std::string name, std::string expression, std::string source, double example,
                decltype(formula::equation) equation) {
  return {.id = id,
          .name = std::move(name),
          .unit = "kg",
          .expression = std::move(expression),
          .inputs = {in<&of::load_kg>(0.5, 1000), in<&of::reps>(1, 12).sure(1, 10)},
          .valid_range = "1 to 10 repetitions; 11 and 12 with low confidence, refused above (Reynolds 2006)",
          .source = std::move(source),
          .error_band = "usually within 5 % up to 10 repetitions",
          .confidence = confidence::medium,
          .examples = {{{.load_kg = 100, .reps = 5}, example}},
          .equation = equation};
}

}  // namespace

std::vector<formula> strength_formulas() {
  return {
      one_rep(formula_id::one_rep_max_epley, "One-repetition maximum, Epley",
              "loadKg * (1 + reps / 30); loadKg at one repetition", "Epley 1985", 116.667, epley),
      one_rep(formula_id::one_rep_max_brzycki, "One-repetition maximum, Brzycki", "36 * loadKg / (37 - reps)",
              "Brzycki 1993", 112.5, brzycki),
      one_rep(formula_id::one_rep_max_lombardi, "One-repetition maximum, Lombardi", "loadKg * reps^0.10",
              "Lombardi 1989", 117.462, lombardi),
      one_rep(formula_id::one_rep_max_oconner, "One-repetition maximum, O'Conner", "loadKg * (1 + 0.025 * reps)",
              "O'Conner 1989", 112.5, oconner),
      one_rep(formula_id::one_rep_max_mayhew, "One-repetition maximum, Mayhew",
              "100 * loadKg / (52.2 + 41.9 * exp(-0.055 * reps))", "Mayhew 1992", 119.011, mayhew),
      one_rep(formula_id::one_rep_max_wathan, "One-repetition maximum, Wathan",
              "100 * loadKg / (48.8 + 53.8 * exp(-0.075 * reps))", "Wathan 1994", 116.583, wathan),
      {.id = formula_id::dots,
       .name = "DOTS",
       .unit = "points",
       .expression =
           "500 * totalKg / (a + b * weightKg + c * weightKg^2 + d * weightKg^3 + e * weightKg^4); men -307.75076, "
           "24.0900756, -0.1918759221, 7.391293e-4, -1.093e-6; women -57.96288, 13.6175032, -0.1126655495, "
           "5.158568e-4, -1.0706e-6",
       .inputs = {in<&of::total_kg>(1, 3000), in<&of::weight_kg>(20, 500)},
       .differs_by_sex = true,
       .valid_range = "body weight is taken as 40 to 210 kg (men), 40 to 150 kg (women)",
       .source = "DOTS 2019",
       .confidence = confidence::high,
       .examples = {{{.weight_kg = 90, .sex = body_sex::male, .total_kg = 500}, 323.300},
                    {{.weight_kg = 60, .sex = body_sex::female, .total_kg = 300}, 332.564}},
       .equation = dots},
  };
}

estimate one_rep_max(double load_kg, std::int32_t reps, formula_id by) {
  return calculate(by, {.load_kg = load_kg, .reps = static_cast<double>(reps)});
}

}  // namespace nxg::body
