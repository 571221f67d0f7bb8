#pragma once

#include "models/allergen.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

/// USDA's food groups.
enum class food_group : std::uint8_t {
  dairy_and_eggs,
  spices_and_herbs,
  baby_foods,
  fats_and_oils,
  poultry,
  soups_sauces_gravies,
  sausages_and_cold_cuts,
  breakfast_cereals,
  fruits,
  pork,
  vegetables,
  nuts_and_seeds,
  beef,
  beverages,
  fish_and_shellfish,
  legumes,
  lamb_veal_game,
  baked_products,
  sweets,
  grains_and_pasta,
  fast_foods,
  meals_and_sides,
  snacks,
  native_foods,
  restaurant_foods,
};
BOOST_DESCRIBE_ENUM(food_group, dairy_and_eggs, spices_and_herbs, baby_foods, fats_and_oils, poultry,
                    soups_sauces_gravies, sausages_and_cold_cuts, breakfast_cereals, fruits, pork, vegetables,
                    nuts_and_seeds, beef, beverages, fish_and_shellfish, legumes, lamb_veal_game, baked_products,
                    sweets, grains_and_pasta, fast_foods, meals_and_sides, snacks, native_foods, restaurant_foods)

/// What is in 100 g of the edible part. What was not determined is absent, never 0.
struct nutrients {
  double energy_kcal = 0;
  double protein_g = 0;
  double fat_g = 0;
  /// By difference, fibre included.
  double carbs_g = 0;
  std::optional<double> fiber_g;
  std::optional<double> sugar_g;
  std::optional<double> saturated_fat_g;
  std::optional<double> monounsaturated_fat_g;
  std::optional<double> polyunsaturated_fat_g;
  std::optional<double> water_g;
  std::optional<double> cholesterol_mg;
  std::optional<double> sodium_mg;
  std::optional<double> potassium_mg;
  std::optional<double> calcium_mg;
  std::optional<double> iron_mg;
  std::optional<double> magnesium_mg;
  std::optional<double> zinc_mg;
  std::optional<double> vitamin_c_mg;
  std::optional<double> vitamin_d_micrograms;
  std::optional<double> vitamin_b12_micrograms;

  friend bool operator==(const nutrients&, const nutrients&) = default;
};
BOOST_DESCRIBE_STRUCT(nutrients, (),
                      (energy_kcal, protein_g, fat_g, carbs_g, fiber_g, sugar_g, saturated_fat_g, monounsaturated_fat_g,
                       polyunsaturated_fat_g, water_g, cholesterol_mg, sodium_mg, potassium_mg, calcium_mg, iron_mg,
                       magnesium_mg, zinc_mg, vitamin_c_mg, vitamin_d_micrograms, vitamin_b12_micrograms))

/// A household measure: "1 cup, sliced" is so many grams.
struct food_portion {
  std::string name;
  double grams = 0;

  friend bool operator==(const food_portion&, const food_portion&) = default;
};
BOOST_DESCRIBE_STRUCT(food_portion, (), (name, grams))

/// One food of the database. Its id is made from `external_id`, so that importing twice meets itself.
struct food {
  uuid id;
  std::int64_t version = 0;
  /// "usda-sr28-01001"; unique.
  std::string external_id;
  /// Readable, the most important word first: "Beans, kidney, cooked, boiled".
  std::string name;
  /// As the source spells it.
  std::string source_name;
  food_group group = food_group::meals_and_sides;
  nutrients per_100g;
  std::vector<food_portion> portions;
  /// What it contains, or may be taken to contain, by its name and group.
  std::vector<allergen> allergens;
  /// Whether `allergens` is all there is: true of plain foods only. Of what is composed of many things, by recipes
  /// nobody told us, the absence of an allergen is not known.
  bool allergens_complete = false;
  /// Whether the energy fits the macronutrients: alcohol and polyols are not among them.
  bool energy_fits = true;
  /// Plain, common foods above special ones, from 0; by it a search begins.
  std::int32_t rank = 0;
  instant created_at{};
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(food, (),
                      (id, version, external_id, name, source_name, group, per_100g, portions, allergens,
                       allergens_complete, energy_fits, rank, created_at, updated_at))

store::declaration<food> declare(store::tag<food>);

/// The id a food of that source id has, in every installation.
[[nodiscard]] uuid food_id_of(std::string_view external_id);

/// Whether the food is known to be free of it.
[[nodiscard]] bool is_free_of(const food& one, allergen what);

}  // namespace nxg
