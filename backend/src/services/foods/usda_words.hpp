#pragma once

#include "models/food.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How USDA's Standard Reference (release 28) writes about foods, in plainer words.
namespace nxg::foods {

/// "CHICKEN,BROILER,BREAST,LN,CKD,RSTD" is "Chicken, broiler, breast, lean, cooked, roasted".
[[nodiscard]] std::string readable_name(std::string_view description);

/// A household measure: `1 cup,  (8 fl oz)` is "1 cup (8 fl oz)". Empty where there is none.
[[nodiscard]] std::string readable_measure(std::string_view description);

/// The group of a five-digit NDB number: its first two digits tell it, but for a few hundred, whose name does.
[[nodiscard]] std::optional<food_group> group_of(std::string_view ndb_number, std::string_view name);

/// How near to the start of a list of results it belongs, 0 to 1000: plain foods, raw or simply cooked, before brands,
/// mixes and what is for babies.
[[nodiscard]] std::int32_t rank_of(food_group group, std::string_view name);

/// Allergens by name and group, and whether the name tells all that is in it.
struct content {
  std::vector<allergen> allergens;
  bool complete = false;
};
[[nodiscard]] content content_of(food_group group, std::string_view name);

}  // namespace nxg::foods
