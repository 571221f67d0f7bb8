#pragma once

#include "schema/problems.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nxg {

enum class dietary_restriction : std::uint8_t {
  vegetarian,
  vegan,
  pescatarian,
  gluten_free,
  dairy_free,
  egg_free,
  nut_free,
  soy_free,
  no_pork,
  no_beef,
  halal,
  kosher,
};
BOOST_DESCRIBE_ENUM(dietary_restriction, vegetarian, vegan, pescatarian, gluten_free, dairy_free, egg_free, nut_free,
                    soy_free, no_pork, no_beef, halal, kosher)

/// What somebody likes to eat, and never eats.
struct diet_preferences {
  /// By kind: `{"Indian": ["Paneer"], "RegionAndState": ["Kerala"]}`.
  std::map<std::string, std::vector<std::string>> cuisine_preferences;
  std::vector<dietary_restriction> dietary_restrictions;

  static constexpr std::string_view optional_fields[] = {"cuisine_preferences", "dietary_restrictions"};
  /// At most 10 kinds of at most 10 entries, each of 1 to 40 characters; no restriction twice.
  static void check(const diet_preferences& read, schema::problems& found);

  friend bool operator==(const diet_preferences&, const diet_preferences&) = default;
};
BOOST_DESCRIBE_STRUCT(diet_preferences, (), (cuisine_preferences, dietary_restrictions))

}  // namespace nxg
