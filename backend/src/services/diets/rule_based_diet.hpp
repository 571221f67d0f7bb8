#pragma once

#include "models/diet_need.hpp"
#include "models/diet_plan.hpp"
#include "models/food.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::diets {

/// The id of a food of USDA SR28 by its five-digit number.
[[nodiscard]] uuid food_id_of_ndb(std::string_view ndb_number);

/// The foods the rules cook with: ids of the database. Whatever of them is there is used.
[[nodiscard]] const std::vector<uuid>& larder();

/// A week of meals made of `foods`, whose energy is that of `need.targets` within 5 %. Every food in it is known to be
/// free of the listed allergens and within the restrictions. Or why there is none: an allergy or a condition nobody
/// here understands, or too few safe foods. The same need and foods give the same week.
[[nodiscard]] std::expected<diet_content, std::string> make_rule_based_diet(const diet_need& need,
                                                                            const std::vector<food>& foods);

}  // namespace nxg::diets
