#pragma once

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// The answers of `contracts/mds.openapi.json`.
namespace nxg::sandbox::mds {

struct nutrition_facts {
  double calories = 0;
  double carbs = 0;
  double fat = 0;
  double protein = 0;
  double fiber = 0;
};
BOOST_DESCRIBE_STRUCT(nutrition_facts, (), (calories, carbs, fat, protein, fiber))

struct identified_food {
  std::string name;
  std::string quantity;
  std::string unit;
  std::string description_;
  double calories_per_quantity = 0;
  double carbs_per_quantity = 0;
  double fat_per_quantity = 0;
  double protein_per_quantity = 0;
  double fiber_per_quantity = 0;
  nutrition_facts nutrition;
};
BOOST_DESCRIBE_STRUCT(identified_food, (),
                      (name, quantity, unit, description_, calories_per_quantity, carbs_per_quantity, fat_per_quantity,
                       protein_per_quantity, fiber_per_quantity, nutrition))

struct identified_meal {
  std::vector<identified_food> foods;
  std::optional<double> confidence;
};
BOOST_DESCRIBE_STRUCT(identified_meal, (), (foods, confidence))

}  // namespace nxg::sandbox::mds
