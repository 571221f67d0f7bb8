#pragma once

#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string_view>

/// What goes over the wire to and from the meal detection service: the schemas of
/// `simulators/contracts/mds.openapi.json`, with its bounds.
namespace nxg::integrations::mds {

/// Of the whole quantity. Above the contract's bounds nothing can be said about a meal any more.
struct food_nutrition {
  schema::bounded<double, 0.0, 20'000.0> calories;
  schema::bounded<double, 0.0, 5'000.0> carbs;
  schema::bounded<double, 0.0, 5'000.0> fat;
  schema::bounded<double, 0.0, 5'000.0> protein;
  schema::bounded<double, 0.0, 5'000.0> fiber;
};
BOOST_DESCRIBE_STRUCT(food_nutrition, (), (calories, carbs, fat, protein, fiber))

struct identified_food {
  schema::text<1, 100> name;
  /// A number as text: "2", "0.5".
  schema::text<1, 20> quantity;
  schema::text<0, 40> unit;
  std::optional<schema::text<0, 300>> description_;
  std::optional<schema::bounded<double, 0.0, 20'000.0>> calories_per_quantity;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> carbs_per_quantity;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> fat_per_quantity;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> protein_per_quantity;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> fiber_per_quantity;
  food_nutrition nutrition;

  static void check(const identified_food& read, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(identified_food, (),
                      (name, quantity, unit, description_, calories_per_quantity, carbs_per_quantity, fat_per_quantity,
                       protein_per_quantity, fiber_per_quantity, nutrition))

struct identified_meal {
  schema::list<identified_food, 0, 40> foods;
  std::optional<schema::bounded<double, 0.0, 1.0>> confidence;
};
BOOST_DESCRIBE_STRUCT(identified_meal, (), (foods, confidence))

/// A decimal number above 0, at most 10,000. Nothing for anything else.
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text);

}  // namespace nxg::integrations::mds
