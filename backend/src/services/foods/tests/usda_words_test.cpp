#include "services/foods/usda_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nxg::foods {
namespace {

TEST(readable_name, spells_abbreviations_out) {
  EXPECT_EQ(readable_name("BUTTER, WITH SALT"), "Butter, with salt");
  EXPECT_EQ(readable_name("CHICKEN,BROILERS OR FRYERS,BREAST,MEAT ONLY,CKD,RSTD"),
            "Chicken, broilers or fryers, breast, meat only, cooked, roasted");
  EXPECT_EQ(readable_name("BEANS, KIDNEY, RED, MATURE SEEDS, CND, DRND SOL"),
            "Beans, kidney, red, mature seeds, canned, drained solids");
  EXPECT_EQ(readable_name("PORK, FRSH, LOIN, LN, CKD, BRLD"), "Pork, fresh, loin, lean, cooked, broiled");
}

TEST(readable_measure, is_tidy) {
  EXPECT_EQ(readable_measure("1 pat,  (1\" sq, 1/3\" high)"), "1 pat (1\" sq, 1/3\" high)");
  EXPECT_EQ(readable_measure("1 slice, , 3/8\""), "1 slice, 3/8\"");
  EXPECT_EQ(readable_measure(""), "");
}

TEST(group_of, is_told_by_the_number_or_by_the_name) {
  EXPECT_EQ(group_of("09003", "Apples, raw, with skin"), food_group::fruits);
  EXPECT_EQ(group_of("43130", "Frankfurter, meatless"), food_group::legumes);
  EXPECT_EQ(group_of("42155", "Cheese, monterey, low fat"), food_group::dairy_and_eggs);
  EXPECT_EQ(group_of("99999", "Something nobody knows"), std::nullopt);
}

TEST(rank_of, puts_plain_foods_first) {
  const auto banana = rank_of(food_group::fruits, "Bananas, raw");
  EXPECT_GT(banana, rank_of(food_group::fruits, "Bananas, dehydrated, or banana powder"));
  EXPECT_GT(banana, rank_of(food_group::baby_foods, "Babyfood, fruit, bananas with tapioca, strained"));
  EXPECT_GT(banana, rank_of(food_group::sweets, "Puddings, banana, dry mix, instant"));
}

TEST(content_of, knows_plain_foods_whole_and_composed_ones_not) {
  EXPECT_TRUE(content_of(food_group::fruits, "Bananas, raw").complete);
  EXPECT_TRUE(content_of(food_group::fruits, "Bananas, raw").allergens.empty());
  const auto cheese = content_of(food_group::dairy_and_eggs, "Cheese, cottage, low fat, 2% milkfat");
  EXPECT_EQ(cheese.allergens, std::vector{allergen::milk});
  EXPECT_EQ(content_of(food_group::dairy_and_eggs, "Egg, whole, raw, fresh").allergens, std::vector{allergen::egg});
  EXPECT_EQ(content_of(food_group::fish_and_shellfish, "Cusk, raw").allergens, std::vector{allergen::fish});
  EXPECT_EQ(content_of(food_group::fish_and_shellfish, "Crustaceans, shrimp, raw").allergens,
            std::vector{allergen::crustacean});
  EXPECT_FALSE(content_of(food_group::fast_foods, "Fast foods, potato").complete);
  EXPECT_FALSE(content_of(food_group::vegetables, "Potatoes, au gratin, dry mix, unprepared").complete);
}

}  // namespace
}  // namespace nxg::foods
