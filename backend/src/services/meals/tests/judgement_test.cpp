#include "services/meals/judgement.hpp"

#include "services/meals/balance.hpp"
#include "services/meals/errors.hpp"
#include "services/points/awards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::meals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

meal_item item(intake nutrition) { return {.name = "Something", .nutrition = nutrition}; }
std::vector<meal_doubt> doubts(intake nutrition) { return doubts_about({item(nutrition)}); }

TEST(judgement, plausible_food_is_not_doubted) {
  EXPECT_THAT(doubts({260, 56, 5.4, 0.6, 1}), IsEmpty());
  EXPECT_THAT(doubts({0, 0, 0, 0, 0}), IsEmpty());
}

TEST(judgement, energy_may_be_off_by_a_quarter_or_by_forty) {
  // 100 kcal held; up to 40 off is fine for little food.
  EXPECT_THAT(doubts({60, 25, 0, 0, 0}), IsEmpty());
  EXPECT_THAT(doubts({59, 25, 0, 0, 0}), ElementsAre(meal_doubt::energy_does_not_fit_macros));
  // 750 held of 1,000.
  EXPECT_THAT(doubts({1000, 187.5, 0, 0, 0}), IsEmpty());
  EXPECT_THAT(doubts({1000, 187, 0, 0, 0}), ElementsAre(meal_doubt::energy_does_not_fit_macros));
}

TEST(judgement, fibre_is_part_of_the_carbohydrates) {
  EXPECT_THAT(doubts({160, 40, 0, 0, 45}), IsEmpty());
  EXPECT_THAT(doubts({160, 40, 0, 0, 45.1}), ElementsAre(meal_doubt::fiber_exceeds_carbs));
}

TEST(meal_errors, an_absent_service_is_asked_again_within_ten_minutes) {
  using namespace std::chrono_literals;
  EXPECT_EQ(meal_detection_unavailable(0ms).retry_after(), 30s);
  EXPECT_EQ(meal_detection_unavailable(90'500ms).retry_after(), 91s);
  EXPECT_EQ(meal_detection_unavailable(24h).retry_after(), 10min);
}

TEST(judgement, nobody_eats_that_much) {
  EXPECT_THAT(doubts({3000, 750, 0, 0, 0}), IsEmpty());
  EXPECT_THAT(doubts({3001, 750, 0, 0, 0}), ElementsAre(meal_doubt::item_energy_out_of_range));
  const auto large = item({2600, 650, 0, 0, 0});
  EXPECT_THAT(doubts_about({large, large}), ElementsAre(meal_doubt::meal_energy_out_of_range));
}

TEST(judgement, a_service_has_to_be_sure_and_to_say_so) {
  const auto rice = std::vector{item({260, 56, 5.4, 0.6, 1})};
  EXPECT_THAT(doubts_about(rice, 0.7), IsEmpty());
  EXPECT_THAT(doubts_about(rice, 0.69), ElementsAre(meal_doubt::low_confidence));
  EXPECT_THAT(doubts_about(rice, std::nullopt), ElementsAre(meal_doubt::confidence_unknown));
}

meal eaten(int minute, intake nutrition, bool verified = true) {
  meal one{.id = uuid::derived_from(std::to_string(minute)), .is_verified = verified};
  one.logged_at = instant{std::chrono::minutes{minute}};
  if (!verified) one.doubts = {meal_doubt::confidence_unknown};
  meal_content content{.items = {item(nutrition)}};
  content.totals = totals_of(content.items);
  one.content = content;
  return one;
}

TEST(balance, is_the_sum_of_all_there_is_whatever_its_order) {
  const std::vector drunk{water_entry{.milliliters = 250}, water_entry{.milliliters = 500}};
  const auto sum = intake_of({eaten(1, {100.04, 10, 5, 3, 1}), eaten(2, {200.02, 20, 5, 3, 1}, false)}, drunk);
  EXPECT_EQ(sum, (day_intake{2, 1, {300, 30, 10, 6, 2}, 750}));
  const auto turned = intake_of({eaten(2, {200.02, 20, 5, 3, 1}, false), eaten(1, {100.04, 10, 5, 3, 1})}, drunk);
  EXPECT_EQ(turned, sum);
}

TEST(balance, what_has_no_target_has_no_remainder) {
  nutrition_targets targets{.energy_kcal = 2000.0};
  targets.water_ml = 2800;
  const auto rest = remaining_of(targets, {1, 0, {2100.5, 30, 10, 6, 2}, 750});
  EXPECT_EQ(rest.energy_kcal, -100.5);
  EXPECT_EQ(rest.water_ml, 2050);
  EXPECT_FALSE(rest.protein_g);
}

TEST(meal_awards, the_first_three_that_count_are_rewarded) {
  std::vector<meal> day;
  for (const int minute : {5, 1, 4, 3, 2}) day.push_back(eaten(minute, {100, 25, 0, 0, 0}, minute != 2));
  const auto worth = [&](int minute) { return points::for_meal(uuid::derived_from(std::to_string(minute)), day); };
  EXPECT_EQ(worth(1), 5);
  EXPECT_EQ(worth(2), 0);  // not confirmed
  EXPECT_EQ(worth(3), 5);
  EXPECT_EQ(worth(4), 5);
  EXPECT_EQ(worth(5), 0);
  EXPECT_EQ(worth(6), 0);  // not there
}

TEST(meal, a_picture_is_found_by_its_meal_and_the_other_way_round) {
  const auto member = uuid::derived_from("member");
  const auto id = uuid::derived_from("meal");
  EXPECT_EQ(meal_of_image_key(image_key_of(member, id)), id);
  EXPECT_FALSE(meal_of_image_key("meals/someone/else.jpg"));
  EXPECT_FALSE(meal_of_image_key(image_key_of(member, id) + ".bak"));
  EXPECT_FALSE(meal_of_image_key("scans" + image_key_of(member, id).substr(5)));
}

}  // namespace
}  // namespace nxg::meals
