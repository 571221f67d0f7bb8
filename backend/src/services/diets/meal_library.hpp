#pragma once

#include "models/diet_preferences.hpp"
#include "models/food.hpp"
#include "models/intake.hpp"
#include "repositories/foods.hpp"
#include "runtime/task.hpp"
#include "services/diets/dishes.hpp"
#include "services/foods/allergen_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg::diets {

/// A dish as anybody may cook it: an ordinary portion, of foods of the database.
struct library_meal {
  std::string name;
  std::string short_name;
  dish_slot slot = dish_slot::main;
  std::string cuisine;
  struct part {
    uuid food_id;
    std::string name;
    double grams = 0;
  };
  std::vector<part> foods;
  intake nutrition;
  std::vector<allergen> allergens;
  /// Those it keeps to.
  std::vector<dietary_restriction> suits;
};

/// Every dish whose foods the database has, in the order of their names. Errors as of the store.
task<std::vector<library_meal>> meal_library(repositories::foods& from);

}  // namespace nxg::diets
