#include "services/foods/food_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::foods {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

food named(std::string name, std::int32_t rank = 0) {
  food one;
  one.id = food_id_of(name);
  one.name = std::move(name);
  one.rank = rank;
  return one;
}

std::vector<std::string> names(const found_foods& found) {
  std::vector<std::string> all;
  for (const auto& one : found.foods) all.push_back(one.name);
  return all;
}

std::vector<std::string> found(const food_list& in, std::string_view text) {
  return names(in.search(text, {}, 10, std::nullopt));
}

TEST(food_list, finds_the_beginnings_of_all_words_in_any_order) {
  const food_list list{{named("Chicken, breast, raw"), named("Chicken, wing, raw"), named("Rice, brown, raw")}};
  EXPECT_THAT(found(list, "RAW bre chick"), ElementsAre("Chicken, breast, raw"));
  EXPECT_THAT(found(list, "hicken"), IsEmpty());
  EXPECT_THAT(found(list, "chicken rice"), IsEmpty());
  EXPECT_THAT(found(list, ""), IsEmpty());
  EXPECT_THAT(found(list, ",;"), IsEmpty());
}

TEST(food_list, finds_plurals_by_their_singular_and_back) {
  const food_list list{{named("Berries"), named("Tomatoes"), named("Egg"), named("Couscous")}};
  EXPECT_THAT(found(list, "berry"), IsEmpty()) << "shares its first letters, and no more";
  EXPECT_THAT(found(list, "berries"), ElementsAre("Berries"));
  EXPECT_THAT(found(list, "tomato"), ElementsAre("Tomatoes"));
  EXPECT_THAT(found(list, "eggs"), ElementsAre("Egg"));
  EXPECT_THAT(found(list, "couscous"), ElementsAre("Couscous"));
}

TEST(food_list, puts_first_words_before_others_whole_words_before_beginnings_and_plain_foods_before_special_ones) {
  const food_list list{
      {named("Pie, rice", 300), named("Ricecake", 300), named("Rice, wild", 10), named("Rice, white", 90)}};
  EXPECT_THAT(found(list, "rice"), ElementsAre("Rice, white", "Rice, wild", "Ricecake", "Pie, rice"));
}

TEST(food_list, pages_hold_every_match_once_and_the_last_one_says_so) {
  const food_list list{{named("Oat, a"), named("Oat, b"), named("Oat, c"), named("Oat, d")}};
  for (const bool by_words : {true, false}) {
    std::vector<std::string> seen;
    std::optional<std::string> after;
    int pages = 0;
    do {
      const auto part = by_words ? list.search("oat", {}, 2, after) : list.browse({}, 2, after);
      for (const auto& one : part.foods) seen.push_back(one.name);
      after = part.next;
      ++pages;
    } while (after);
    EXPECT_THAT(seen, ::testing::UnorderedElementsAre("Oat, a", "Oat, b", "Oat, c", "Oat, d"));
    EXPECT_EQ(pages, 2);
  }
}

TEST(food_list, a_place_that_is_none_begins_at_the_start) {
  const food_list list{{named("Oat, a")}};
  for (const char* text : {"", "x", "12", "x y", "12 z"}) {
    EXPECT_THAT(names(list.search("oat", {}, 2, text)), ElementsAre("Oat, a")) << text;
    EXPECT_THAT(names(list.browse({}, 2, text)), ElementsAre("Oat, a")) << text;
  }
}

TEST(food_list, what_is_not_known_to_be_free_of_an_allergen_is_left_out) {
  auto plain = named("Oat, plain");
  plain.allergens_complete = true;
  auto milky = named("Oat, milky");
  milky.allergens_complete = true;
  milky.allergens = {allergen::milk};
  const food_list list{{plain, milky, named("Oat, cooked by somebody")}};
  allergen_set milk;
  milk.add(allergen::milk);
  EXPECT_THAT(names(list.search("oat", {.group = {}, .free_of = milk}, 5, {})), ElementsAre("Oat, plain"));
  EXPECT_THAT(names(list.browse({.group = {}, .free_of = milk}, 5, {})), ElementsAre("Oat, plain"));
}

}  // namespace
}  // namespace nxg::foods
