#pragma once

#include "models/diet_need.hpp"
#include "models/food.hpp"
#include "services/foods/allergen_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nxg::diets {

/// What somebody must not be given.
struct avoidance {
  foods::allergen_set allergens;
  /// Allergies nobody here understands, as their plain words. Nothing can be shown to be free of them.
  std::vector<std::string> unknown;
  std::vector<dietary_restriction> restrictions;
};

/// From allergies in the member's words, and restrictions.
[[nodiscard]] avoidance avoidance_of(const std::vector<std::string>& allergies,
                                     const std::vector<dietary_restriction>& restrictions);

/// Whether the text of a meal names or implies something to be avoided. Judges by words: what a text does not tell it
/// cannot find.
[[nodiscard]] bool names_something_avoided(std::string_view text, const avoidance& avoided);

/// Whether the food is known to hold nothing that is to be avoided. False where it is not known.
[[nodiscard]] bool is_proven_safe(const food& one, const avoidance& avoided);

/// Whether a condition has no bearing on a plain mixed diet ("knee pain"). False for what nobody here understands.
[[nodiscard]] bool is_of_no_bearing(std::string_view condition);

}  // namespace nxg::diets
