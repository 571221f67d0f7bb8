#include "services/foods/allergen_table.hpp"

#include <gtest/gtest.h>

namespace nxg::foods {
namespace {

using enum allergen;

struct text_case {
  std::string_view text;
  allergen_set means;
};

TEST(allergens_in, finds_what_a_text_names_or_implies) {
  const text_case cases[] = {
      {"Paneer with naan", {milk, gluten}},
      {"Scrambled eggs", {egg}},
      {"Grilled salmon, steamed rice and broccoli", {fish}},
      {"Tofu stir-fry", {soy, gluten, sesame}},
      {"Overnight OATS with almond milk", {gluten, tree_nuts}},
      {"Peanut butter toast", {peanut, gluten}},
      {"King prawns and mussels", {crustacean, mollusc}},
      {"Hummus with carrots", {sesame}},
      {"Pesto chicken", {tree_nuts, milk}},
      {"Cheesy omelette", {milk, egg}},
      {"Lupin flour pancakes", {lupin, gluten, milk, egg}},
      {"Cr\u00e8me fra\u00eeche, cr\u00eapes", {milk, gluten, egg}},
      {"Cr\u00e8me br\u00fbl\u00e9e", {milk, egg}},
      {"Salade ni\u00e7oise", {fish, egg, mustard}},
      {"Chicken breast with potatoes and spinach", {}},
      {"Rice, lentils and cucumbers", {}},
  };
  for (const auto& one : cases) EXPECT_EQ(allergens_in(one.text), one.means) << one.text;
}

TEST(allergens_in, is_not_misled_by_words_within_names) {
  for (const auto* text : {"Eggplant", "Butternut squash", "Butter beans", "Nutmeg", "Buckwheat", "Water chestnuts",
                           "Rice milk", "Oyster mushrooms", "Cream of tartar", "Rice noodles"}) {
    EXPECT_TRUE(allergens_in(text).empty()) << text;
  }
  EXPECT_EQ(allergens_in("Coconut milk"), allergen_set{tree_nuts});
}

TEST(allergens_in, looks_into_words_it_does_not_know) {
  EXPECT_TRUE(allergens_in("Wholewheaty thing").has(gluten));
  EXPECT_TRUE(allergens_in("cashewnutmix").has(tree_nuts));
  EXPECT_TRUE(allergens_in("superbuttery").has(milk));
}

TEST(allergens_meant, understands_what_people_say) {
  const text_case cases[] = {
      {"nuts", {tree_nuts, peanut}},
      {"Tree nuts", {tree_nuts}},
      {"Peanuts", {peanut}},
      {"severe peanut allergy", {peanut}},
      {"Lactose intolerance", {milk}},
      {"lactose intolerant", {milk}},
      {"DAIRY", {milk}},
      {"coeliac disease", {gluten}},
      {"Shellfish", {crustacean, mollusc}},
      {"shrimps", {crustacean}},
      {"eggs", {egg}},
      {"milk and eggs", {milk, egg}},
      {"allergic to sesame seeds", {sesame}},
      {"wheat", {gluten}},
      {"sulfites", {sulphite}},
      {"walnuts", {tree_nuts}},
      {"pollen", {}},
      {"None", {}},
  };
  for (const auto& one : cases) {
    const auto meant = allergens_meant(one.text);
    ASSERT_TRUE(meant) << one.text;
    EXPECT_EQ(*meant, one.means) << one.text;
  }
}

TEST(allergens_meant, says_when_it_does_not_understand) {
  for (const auto* text : {"kiwi", "milk and kiwi", "E621", "xyzzy", "", "allergy", "histamine", "nightshades"}) {
    EXPECT_FALSE(allergens_meant(text)) << text;
  }
}

}  // namespace
}  // namespace nxg::foods
