#pragma once

#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>

namespace nxg {

/// The fourteen of Regulation (EU) No 1169/2011, annex II. `gluten`: wheat and the other cereals with it, oats too.
enum class allergen : std::uint8_t {
  gluten,
  crustacean,
  egg,
  fish,
  peanut,
  soy,
  milk,
  tree_nuts,
  celery,
  mustard,
  sesame,
  sulphite,
  lupin,
  mollusc,
};
BOOST_DESCRIBE_ENUM(allergen, gluten, crustacean, egg, fish, peanut, soy, milk, tree_nuts, celery, mustard, sesame,
                    sulphite, lupin, mollusc)

inline constexpr std::array all_allergens{allergen::gluten, allergen::crustacean, allergen::egg,    allergen::fish,
                                          allergen::peanut, allergen::soy,        allergen::milk,   allergen::tree_nuts,
                                          allergen::celery, allergen::mustard,    allergen::sesame, allergen::sulphite,
                                          allergen::lupin,  allergen::mollusc};

}  // namespace nxg
