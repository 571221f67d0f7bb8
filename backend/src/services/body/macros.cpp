#include "services/body/macros.hpp"

#include "models/words.hpp"
#include "services/body/energy_needs.hpp"
#include "services/body/formulas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace nxg::body {
namespace {

constexpr double kcal_per_g_of_fat = 9;
constexpr double kcal_per_g_of_others = 4;
constexpr double share_of_fat = 0.28;
constexpr double most_share_of_protein = 0.35;
constexpr double least_share_of_bmr = 0.8;
constexpr double fiber_g_per_kcal = 14.0 / 1000;
constexpr double underweight_below = 18.5;

double factor_of(training_goal goal) {
  switch (goal) {
    case training_goal::weight_loss: return 0.80;
    case training_goal::muscle_building: return 1.10;
    case training_goal::weight_gain: return 1.15;
    case training_goal::maintenance: return 1.0;
  }
  return 1.0;
}

double protein_g_per_kg(training_goal goal) { return goal == training_goal::muscle_building ? 2.0 : 1.6; }

// Where the sex was not given, the floor that is too low for nobody.
double least_kcal(const std::optional<body_sex>& sex) { return sex == body_sex::female ? 1200 : 1500; }

// Why this member must not be told to eat less than is spent.
std::optional<macro_note> deficit_refused(const macro_basis& basis) {
  if (basis.body.age_years && *basis.body.age_years < adult_from_years) return macro_note::no_deficit_under_18;
  const auto bmi = calculate(formula_id::bmi, basis.body);
  if (bmi.value && *bmi.value < underweight_below) return macro_note::no_deficit_underweight;
  if (forbid_a_deficit(basis.health_conditions)) return macro_note::no_deficit_condition;
  return std::nullopt;
}

double energy(macro_targets& so_far, const macro_basis& basis) {
  double factor = factor_of(*basis.goal);
  if (factor < 1) {
    if (const auto why = deficit_refused(basis)) {
      factor = 1;
      so_far.notes.push_back(*why);
    }
  }
  so_far.goal_factor = factor;
  double kcal = *so_far.tdee.value * factor;
  if (const double least = least_kcal(basis.body.sex); kcal < least) {
    kcal = least;
    so_far.notes.push_back(macro_note::least_energy_applied);
  }
  if (const double least = *so_far.bmr.value * least_share_of_bmr; kcal < least) {
    kcal = least;
    so_far.notes.push_back(macro_note::share_of_bmr_applied);
  }
  return std::round(kcal);
}

void share_out(macro_targets& so_far, training_goal goal) {
  const double kcal = *so_far.calories;
  double protein = protein_g_per_kg(goal) * *so_far.target_weight_kg;
  if (const double most = kcal * most_share_of_protein / kcal_per_g_of_others; protein > most) {
    protein = most;
    so_far.notes.push_back(macro_note::protein_bounded);
  }
  const double fat = kcal * share_of_fat / kcal_per_g_of_fat;
  so_far.protein_g = std::round(protein);
  so_far.fat_g = std::round(fat);
  so_far.carbs_g = std::round((kcal - protein * kcal_per_g_of_others - fat * kcal_per_g_of_fat) / kcal_per_g_of_others);
  so_far.fiber_g = std::round(kcal * fiber_g_per_kcal);
}

void note_missing(macro_targets& so_far, const macro_basis& basis) {
  so_far.missing = so_far.bmr.missing;
  const auto need = [&](bool given, const char* name) {
    if (!given && std::ranges::find(so_far.missing, name) == so_far.missing.end()) so_far.missing.emplace_back(name);
  };
  need(basis.body.weight_kg.has_value(), "weightKg");
  need(basis.activity_level.has_value(), "activityLevel");
  need(basis.goal.has_value(), "goal");
}

}  // namespace

bool forbid_a_deficit(const std::vector<std::string>& health_conditions) {
  constexpr std::array<std::string_view, 9> stems{"pregnan",         "breastfe", "breast fe", "lactat",      "nursing",
                                                  "eating disorder", "anore",    "bulimi",    "binge eating"};
  return std::ranges::any_of(health_conditions, [&](const std::string& condition) {
    const auto words = plain_words(condition);
    return std::ranges::any_of(stems, [&](std::string_view stem) { return words.find(stem) != std::string::npos; });
  });
}

macro_targets macro_targets_of(const macro_basis& basis) {
  if (!is_bmr(basis.bmr)) throw std::invalid_argument{"not a formula of the energy at rest"};
  macro_targets targets{.version = formula_of(formula_id::macro_targets).version,
                        .bmr = calculate(basis.bmr, basis.body),
                        .goal = basis.goal,
                        .activity_level = basis.activity_level};
  targets.tdee = tdee(targets.bmr, basis.activity_level);
  note_missing(targets, basis);
  if (!targets.missing.empty() || !targets.tdee.value) return targets;
  targets.target_weight_kg = basis.target_weight_kg ? basis.target_weight_kg : basis.body.weight_kg;
  if (!basis.target_weight_kg) targets.notes.push_back(macro_note::target_weight_assumed);
  targets.calories = energy(targets, basis);
  share_out(targets, *basis.goal);
  return targets;
}

}  // namespace nxg::body
