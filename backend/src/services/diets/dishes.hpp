#pragma once

#include "models/meal_type.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace nxg::diets {

enum class dish_slot { breakfast, main, snack };

/// Part of a dish: a food of USDA SR28 by its number.
struct dish_part {
  std::string_view ndb_number;
  /// Above 0: the recipe says how much; else as much as the meal needs, at most `most_grams`.
  double grams = 0;
  double most_grams = 400;
};

/// Something people cook, as plain foods.
struct dish {
  std::string_view name;
  std::string_view short_name;
  dish_slot slot = dish_slot::main;
  /// Whose kitchen it comes from; empty: anybody's.
  std::string_view cuisine;
  std::vector<dish_part> parts;
};

[[nodiscard]] std::span<const dish> dishes();

}  // namespace nxg::diets
