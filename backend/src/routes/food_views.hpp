#pragma once

#include "models/food.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

/// Foods as callers see them.
namespace nxg::routes {

struct food_summary {
  uuid id;
  std::string external_id;
  std::string name;
  food_group group = food_group::meals_and_sides;
  /// Of 100 g.
  double energy_kcal = 0;
  double protein_g = 0;
  double carbs_g = 0;
  double fat_g = 0;
  std::optional<double> fiber_g;
  std::vector<food_portion> portions;
  /// What it contains or may be taken to contain; `allergensComplete`: and nothing else of the fourteen.
  std::vector<allergen> allergens;
  bool allergens_complete = false;
};
BOOST_DESCRIBE_STRUCT(food_summary, (),
                      (id, external_id, name, group, energy_kcal, protein_g, carbs_g, fat_g, fiber_g, portions,
                       allergens, allergens_complete))

struct food_view {
  uuid id;
  std::string external_id;
  std::string name;
  std::string source_name;
  /// Whom the figures are from.
  std::string source = "USDA National Nutrient Database for Standard Reference, release 28";
  food_group group = food_group::meals_and_sides;
  nutrients per100g;
  std::vector<food_portion> portions;
  std::vector<allergen> allergens;
  bool allergens_complete = false;
  /// False where the energy is not that of the macronutrients: there is alcohol or something like it.
  bool energy_fits = true;
};
BOOST_DESCRIBE_STRUCT(food_view, (),
                      (id, external_id, name, source_name, source, group, per100g, portions, allergens,
                       allergens_complete, energy_fits))

[[nodiscard]] food_summary summary_of(const food& one);
[[nodiscard]] food_view view_of(const food& one);

}  // namespace nxg::routes
