#include "services/diets/diet_rules.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace nxg::diets {
namespace {

using enum dietary_restriction;
using words = std::span<const std::string_view>;

constexpr auto beef_words =
    std::to_array<std::string_view>({"beef", "steak", "veal", "brisket", "sirloin", "burger", "hamburger", "oxtail"});
constexpr auto pork_words =
    std::to_array<std::string_view>({"pork", "ham", "bacon", "sausage", "prosciutto", "pancetta", "salami", "chorizo",
                                     "pepperoni", "lard", "gelatin", "gelatine", "bratwurst"});
constexpr auto other_meat_words = std::to_array<std::string_view>(
    {"meat", "chicken", "turkey", "duck", "goose", "lamb", "mutton", "goat", "venison", "rabbit", "keema", "kebab",
     "meatball", "poultry", "quail", "liver", "broth", "stock", "jerky"});
constexpr auto fish_words = std::to_array<std::string_view>({"anchovy", "caviar", "surimi"});
constexpr auto animal_words = std::to_array<std::string_view>({"honey"});
constexpr auto alcohol_words =
    std::to_array<std::string_view>({"wine", "beer", "rum", "brandy", "sherry", "mirin", "sake", "whisky"});

// What has no bearing on what somebody should eat, as far as it is known.
constexpr auto harmless = std::to_array<std::string_view>(
    {"knee",     "back",           "shoulder", "hip",    "neck",     "ankle",  "wrist",      "elbow",
     "joint",    "asthma",         "migraine", "sprain", "fracture", "tendon", "tendinitis", "scoliosis",
     "sciatica", "herniated disc", "none",     "myopia", "tinnitus", "acne",   "insomnia"});

bool has_word(const std::vector<std::string>& text, words any) {
  return std::ranges::any_of(text, [&](const std::string& word) { return std::ranges::find(any, word) != any.end(); });
}

bool has_meat(const std::vector<std::string>& text) {
  return has_word(text, beef_words) || has_word(text, pork_words) || has_word(text, other_meat_words);
}

bool has_seafood(const std::vector<std::string>& text, foods::allergen_set inside) {
  return inside.meets({allergen::fish, allergen::crustacean, allergen::mollusc}) || has_word(text, fish_words);
}

bool breaks(dietary_restriction rule, const std::vector<std::string>& text, foods::allergen_set inside) {
  switch (rule) {
    case vegetarian: return has_meat(text) || has_seafood(text, inside);
    case vegan:
      return has_meat(text) || has_seafood(text, inside) || inside.meets({allergen::milk, allergen::egg}) ||
             has_word(text, animal_words);
    case pescatarian: return has_meat(text);
    case no_pork: return has_word(text, pork_words);
    case no_beef: return has_word(text, beef_words);
    case halal: return has_word(text, pork_words) || has_word(text, alcohol_words);
    case kosher:
      return has_word(text, pork_words) || inside.meets({allergen::crustacean, allergen::mollusc}) ||
             (has_meat(text) && inside.has(allergen::milk));
    // The rest are allergens.
    case gluten_free:
    case dairy_free:
    case egg_free:
    case nut_free:
    case soy_free: return false;
  }
  return true;
}

foods::allergen_set allergens_of(dietary_restriction rule) {
  switch (rule) {
    case gluten_free: return {allergen::gluten};
    case dairy_free: return {allergen::milk};
    case egg_free: return {allergen::egg};
    case nut_free: return {allergen::tree_nuts, allergen::peanut};
    case soy_free: return {allergen::soy};
    default: return {};
  }
}

bool says(const std::vector<std::string>& text, const std::string& phrase) {
  std::string joined{' '};
  for (const auto& word : text) joined += word + ' ';
  return joined.find(' ' + phrase + ' ') != std::string::npos;
}

std::string joined_words(std::string_view text) {
  std::string joined;
  for (const auto& word : foods::food_words(text)) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

}  // namespace

avoidance avoidance_of(const std::vector<std::string>& allergies,
                       const std::vector<dietary_restriction>& restrictions) {
  avoidance avoided;
  avoided.restrictions = restrictions;
  for (const auto& text : allergies) {
    if (const auto meant = foods::allergens_meant(text)) {
      avoided.allergens.add(*meant);
    } else {
      avoided.unknown.push_back(joined_words(text));
    }
  }
  for (const auto rule : restrictions) avoided.allergens.add(allergens_of(rule));
  return avoided;
}

bool names_something_avoided(std::string_view text, const avoidance& avoided) {
  const auto inside = foods::allergens_in(text);
  if (inside.meets(avoided.allergens)) return true;
  const auto said = foods::food_words(text);
  if (std::ranges::any_of(avoided.unknown, [&](const std::string& phrase) { return says(said, phrase); })) return true;
  return std::ranges::any_of(avoided.restrictions, [&](auto rule) { return breaks(rule, said, inside); });
}

bool is_proven_safe(const food& one, const avoidance& avoided) {
  if (!one.allergens_complete || !avoided.unknown.empty()) return false;
  if (foods::allergen_set::of(one.allergens).meets(avoided.allergens)) return false;
  if (names_something_avoided(one.name, avoided)) return false;
  // A name may leave the animal out ("Breast, meat only"); its group does not.
  const auto meat = one.group == food_group::beef || one.group == food_group::pork ||
                    one.group == food_group::poultry || one.group == food_group::lamb_veal_game;
  return std::ranges::none_of(avoided.restrictions, [&](auto rule) {
    const bool no_meat = rule == vegetarian || rule == vegan || rule == pescatarian;
    return (no_meat && meat) ||
           (one.group == food_group::pork && (rule == no_pork || rule == halal || rule == kosher)) ||
           (one.group == food_group::beef && rule == no_beef);
  });
}

bool is_of_no_bearing(std::string_view condition) {
  const auto said = foods::food_words(condition);
  return std::ranges::any_of(harmless, [&](std::string_view phrase) { return says(said, std::string{phrase}); }) &&
         said.size() <= 4;
}

}  // namespace nxg::diets
