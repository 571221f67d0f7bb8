#include "services/foods/food_import.hpp"

#include "models/words.hpp"
#include "schema/json.hpp"
#include "services/api_error.hpp"
#include "services/foods/food_database.hpp"
#include "services/foods/tests/support.hpp"

#include <boost/describe/class.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace nxg::foods {
namespace {

const std::string apple = food_row("09003", "APPLES, RAW, WITH SKN", 52, 0.26, 0.17, 13.81, "2.4");

TEST(parse_foods, reads_a_row_of_the_source) {
  const auto parsed = parse_foods(file_of({apple}));
  ASSERT_EQ(parsed.foods.size(), 1U);
  const auto& one = parsed.foods[0];
  EXPECT_EQ(one.external_id, "usda-sr28-09003");
  EXPECT_EQ(one.id, food_id_of("usda-sr28-09003"));
  EXPECT_EQ(one.name, "Apples, raw, with skin");
  EXPECT_EQ(one.group, food_group::fruits);
  EXPECT_DOUBLE_EQ(one.per_100g.energy_kcal, 52);
  EXPECT_DOUBLE_EQ(*one.per_100g.fiber_g, 2.4);
  EXPECT_FALSE(one.per_100g.sugar_g) << "what was not determined is not 0";
  ASSERT_EQ(one.portions.size(), 1U);
  EXPECT_EQ(one.portions[0].name, "1 cup (sliced)");
  EXPECT_DOUBLE_EQ(one.portions[0].grams, 120);
  EXPECT_TRUE(one.energy_fits);
}

TEST(parse_foods, leaves_bad_rows_out_and_says_everything_wrong_with_each) {
  const auto parsed = parse_foods(file_of({
      apple,
      apple,
      R"(["09004","SHORT ROW"])",
      R"("no row at all")",
      food_row("9", "BAD NUMBER", -1, 1, 1, 1),
      food_row("09010", "IMPOSSIBLE", 950, 60, 60, 10, "30"),
      food_row("99999", "SOMETHING NOBODY KNOWS", 10, 1, 0, 1),
  }));
  EXPECT_EQ(parsed.rows, 7U);
  EXPECT_EQ(parsed.foods.size(), 1U);
  ASSERT_EQ(parsed.refused.size(), 6U);
  EXPECT_NE(parsed.refused[0].reasons[0].find("duplicate"), std::string::npos);
  EXPECT_EQ(parsed.refused[1].external_id, "09004");
  EXPECT_EQ(parsed.refused[3].reasons.size(), 2U);
  EXPECT_EQ(parsed.refused[4].reasons.size(), 3U);
}

TEST(parse_foods, refuses_a_file_that_is_no_list) {
  for (const auto* text : {"", "{}", "[", "[1,", "null", "\xff"}) {
    EXPECT_THROW(static_cast<void>(parse_foods(text)), unreadable_file) << text;
  }
}

TEST(import_foods, is_the_same_when_repeated_and_brings_changes) {
  foods_fixture kitchen;
  auto report = kitchen.import(file_of({apple, R"(["bad"])"}));
  EXPECT_EQ(report.inserted, 1U);
  EXPECT_EQ(report.refused.size(), 1U);
  report = kitchen.import(file_of({apple}));
  EXPECT_EQ(report.inserted + report.updated, 0U);
  EXPECT_EQ(report.unchanged, 1U);
  report = kitchen.import(file_of({food_row("09003", "APPLES, RAW, WITH SKN", 53, 0.26, 0.17, 13.81, "2.4")}));
  EXPECT_EQ(report.updated, 1U);
  EXPECT_DOUBLE_EQ(kitchen.run(kitchen.kept.find(food_id_of("usda-sr28-09003")))->per_100g.energy_kcal, 53);
}

TEST(parse_foods, reads_the_real_list_whole) {
  const auto parsed = parse_foods(real_foods());
  EXPECT_EQ(parsed.rows, 8790U);
  EXPECT_EQ(parsed.foods.size(), 8790U);
  for (const auto& row : parsed.refused) ADD_FAILURE() << row.external_id << ": " << row.reasons.front();
  const auto complete = std::ranges::count_if(parsed.foods, &food::allergens_complete);
  EXPECT_GT(complete, 2000);
  EXPECT_LT(complete, 5000);
}

struct checked_food {
  std::string external_id;
  std::string name;
  double energy_kcal = 0;
  double protein_g = 0;
  double carbs_g = 0;
  double fat_g = 0;
  double fiber_g = 0;
  std::string category;
};
BOOST_DESCRIBE_STRUCT(checked_food, (), (external_id, name, energy_kcal, protein_g, carbs_g, fat_g, fiber_g, category))

// The list somebody cleaned and checked, where TEST_DATA names its folder; else a few of its rows.
std::vector<checked_food> checked_foods() {
  const char* folder = std::getenv("TEST_DATA");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path{folder} / "foods.json")) {
    return {{"usda-sr28-01001", "Butter, salted", 717, 0.85, 0.06, 81.11, 0, "Dairy and Egg Products"},
            {"usda-sr28-11135", "Cauliflower, raw", 25, 1.92, 4.97, 0.28, 2, "Vegetables and Vegetable Products"},
            {"usda-sr28-43130", "Frankfurter, meatless", 233, 19.61, 7.7, 13.73, 3.9, "Legumes and Legume Products"}};
  }
  std::ifstream in{std::filesystem::path{folder} / "foods.json"};
  return schema::from_json<std::vector<checked_food>>(std::string{std::istreambuf_iterator<char>{in}, {}});
}

TEST(parse_foods, agrees_with_a_list_checked_by_others) {
  const auto parsed = parse_foods(real_foods());
  std::map<std::string, const food*> by_id;
  for (const auto& one : parsed.foods) by_id.emplace(one.external_id, &one);
  std::map<std::string, std::map<food_group, int>> groups;
  const auto checked = checked_foods();
  for (const auto& row : checked) {
    ASSERT_TRUE(by_id.contains(row.external_id)) << row.external_id;
    const auto& one = *by_id.at(row.external_id);
    EXPECT_DOUBLE_EQ(one.per_100g.energy_kcal, row.energy_kcal) << row.name;
    EXPECT_DOUBLE_EQ(one.per_100g.protein_g, row.protein_g) << row.name;
    EXPECT_DOUBLE_EQ(one.per_100g.carbs_g, row.carbs_g) << row.name;
    EXPECT_DOUBLE_EQ(one.per_100g.fat_g, row.fat_g) << row.name;
    EXPECT_DOUBLE_EQ(one.per_100g.fiber_g.value_or(-1), row.fiber_g) << row.name;
    EXPECT_TRUE(one.energy_fits) << row.name;
    ++groups[row.category][one.group];
  }
  // Each of their categories is one of our groups, but for less than three foods in a hundred.
  std::size_t elsewhere = 0;
  for (const auto& [category, ours] : groups) {
    int most = 0;
    int all = 0;
    for (const auto& [group, count] : ours) {
      most = std::max(most, count);
      all += count;
    }
    elsewhere += static_cast<std::size_t>(all - most);
  }
  EXPECT_LE(elsewhere * 100, checked.size() * 3);
}

class real_search : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    kitchen_ = std::make_unique<foods_fixture>();
    kitchen_->import(real_foods());
  }
  static void TearDownTestSuite() { kitchen_.reset(); }

  static std::vector<std::string> names(std::string text, food_filter only = {}, std::size_t limit = 5) {
    std::vector<std::string> found;
    for (const auto& one : kitchen_->run(kitchen_->foods.search(std::move(text), only, limit, {})).foods)
      found.push_back(one.name);
    return found;
  }
  static std::unique_ptr<foods_fixture> kitchen_;
};
std::unique_ptr<foods_fixture> real_search::kitchen_;

TEST_F(real_search, begins_with_what_people_mean) {
  EXPECT_EQ(names("bananas").front(), "Bananas, raw");
  EXPECT_EQ(names("banana").front(), "Bananas, raw");
  EXPECT_TRUE(names("egg whole").front().starts_with("Egg, whole")) << names("egg whole").front();
  EXPECT_TRUE(names("EGGS").front().starts_with("Egg")) << names("EGGS").front();
  EXPECT_TRUE(names("chick breast").front().starts_with("Chicken")) << names("chick breast").front();
  EXPECT_TRUE(names("rice brown").front().starts_with("Rice, brown")) << names("rice brown").front();
  EXPECT_TRUE(names("blueberries").front().starts_with("Blueberries")) << names("blueberries").front();
  EXPECT_TRUE(names("xyzzy").empty());
  EXPECT_TRUE(names("--").empty());
}

TEST_F(real_search, keeps_to_group_and_allergens) {
  for (const auto& one :
       kitchen_->run(kitchen_->foods.search("milk", {.group = {}, .free_of = {allergen::milk}}, 50, {})).foods) {
    EXPECT_TRUE(is_free_of(one, allergen::milk)) << one.name;
  }
  for (const auto& one : kitchen_->run(kitchen_->foods.search("apple", {.group = food_group::fruits}, 50, {})).foods) {
    EXPECT_EQ(one.group, food_group::fruits) << one.name;
  }
}

TEST_F(real_search, pages_hold_every_match_once) {
  std::set<uuid> seen;
  std::optional<std::string> after;
  std::size_t pages = 0;
  do {
    auto part = kitchen_->run(kitchen_->foods.search("cheese", {}, 40, after));
    for (const auto& one : part.foods) EXPECT_TRUE(seen.insert(one.id).second) << one.name;
    after = part.next;
    ++pages;
  } while (after);
  const auto all = kitchen_->run(kitchen_->kept.all());
  const auto matches = std::ranges::count_if(
      all, [](const food& one) { return (' ' + plain_words(one.name)).find(" cheese") != std::string::npos; });
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(matches));
  EXPECT_GT(pages, 2U);
}

TEST_F(real_search, browsing_shows_every_food_of_a_group) {
  std::size_t seen = 0;
  std::optional<std::string> after;
  do {
    auto part = kitchen_->run(kitchen_->foods.browse({.group = food_group::spices_and_herbs}, 25, after));
    seen += part.foods.size();
    after = part.next;
  } while (after);
  EXPECT_EQ(seen, 64U);
}

TEST_F(real_search, one_food_is_found_by_its_id) {
  const auto id = food_id_of("usda-sr28-09003");
  EXPECT_EQ(kitchen_->run(kitchen_->foods.get(id)).id, id);
  EXPECT_THROW(kitchen_->run(kitchen_->foods.get(food_id_of("nothing"))), api_error);
}

}  // namespace
}  // namespace nxg::foods
