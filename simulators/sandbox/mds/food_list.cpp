#include "sandbox/mds/food_list.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace nxg::sandbox::mds {
namespace {

namespace json = boost::json;

// Where a column of the file stands.
constexpr std::size_t number = 0, description = 1, energy = 3, protein = 4, fat = 5, carbs = 7, fiber = 8;

// USDA's groups by the first digits of a number: dairy, poultry, soups, sausages, cereals, fruits, pork, vegetables,
// nuts, beef, fish, legumes, lamb, bread and cake, sweets, grains and pasta, fast food, meals, snacks, restaurants.
constexpr std::array<std::string_view, 20> on_plates{"01", "05", "06", "07", "08", "09", "10", "11", "12", "13",
                                                     "15", "16", "17", "18", "19", "20", "21", "22", "25", "36"};

double figure(const json::array& row, std::size_t at) {
  const auto& cell = row.at(at);
  return cell.is_number() ? cell.to_number<double>() : 0.0;
}

// "BUTTER, WITH SALT" is "Butter, with salt".
std::string readable(std::string_view shouted) {
  std::string name{shouted.substr(0, 90)};
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (!name.empty()) name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

std::optional<known_food> known(const json::value& read) {
  if (!read.is_array() || read.get_array().size() < 48) return std::nullopt;
  const auto& row = read.get_array();
  if (!row.at(number).is_string() || !row.at(description).is_string()) return std::nullopt;
  const auto group = std::string_view{row.at(number).get_string()}.substr(0, 2);
  if (std::ranges::find(on_plates, group) == on_plates.end()) return std::nullopt;
  known_food food{readable(row.at(description).get_string()),
                  figure(row, energy),
                  figure(row, carbs),
                  figure(row, fat),
                  figure(row, protein),
                  figure(row, fiber)};
  const double held = 4 * food.carbs + 4 * food.protein + 9 * food.fat;
  const bool fits = std::abs(held - food.calories) <= std::max(20.0, 0.12 * food.calories);
  if (food.name.empty() || food.calories < 10 || !fits) return std::nullopt;
  return food;
}

}  // namespace

std::vector<known_food> built_in_foods() {
  return {{"Rice, white, cooked", 130, 28.17, 0.28, 2.69, 0.4},
          {"Pasta, cooked", 158, 30.86, 0.93, 5.8, 1.8},
          {"Potatoes, boiled", 87, 20.13, 0.1, 1.87, 1.8},
          {"French fries", 312, 41.44, 14.73, 3.43, 3.8},
          {"Bread, whole wheat", 252, 42.71, 3.5, 12.45, 6},
          {"Oatmeal, cooked with water", 71, 12, 1.52, 2.54, 1.7},
          {"Chicken breast, roasted", 165, 0, 3.57, 31.02, 0},
          {"Beef steak, grilled", 206, 0, 9.72, 27.8, 0},
          {"Salmon, baked", 206, 0, 12.35, 22.1, 0},
          {"Egg, boiled", 155, 1.12, 10.61, 12.58, 0},
          {"Lentils, boiled", 116, 20.13, 0.38, 9.02, 7.9},
          {"Chickpeas, boiled", 164, 27.42, 2.59, 8.86, 7.6},
          {"Tofu, firm", 144, 2.78, 8.72, 17.27, 2.3},
          {"Paneer", 299, 4.5, 24, 20, 0},
          {"Cheese, cheddar", 403, 1.28, 33.14, 24.9, 0},
          {"Yogurt, plain", 61, 4.66, 3.25, 3.47, 0},
          {"Broccoli, boiled", 35, 7.18, 0.41, 2.38, 3.3},
          {"Carrots, boiled", 35, 8.22, 0.18, 0.76, 3},
          {"Green salad", 17, 3.29, 0.3, 1.23, 2.1},
          {"Tomatoes", 18, 3.89, 0.2, 0.88, 1.2},
          {"Avocado", 160, 8.53, 14.66, 2, 6.7},
          {"Banana", 89, 22.84, 0.33, 1.09, 2.6},
          {"Apple", 52, 13.81, 0.17, 0.26, 2.4},
          {"Orange", 47, 11.75, 0.12, 0.94, 2.4},
          {"Strawberries", 32, 7.68, 0.3, 0.67, 2},
          {"Almonds", 579, 21.55, 49.93, 21.15, 12.5},
          {"Pizza with cheese", 266, 33.33, 9.69, 11.39, 2.3},
          {"Hamburger", 254, 30.28, 9.77, 12.32, 1.1},
          {"Tomato soup", 38, 8.1, 0.3, 0.9, 0.7},
          {"Chocolate cake", 371, 53.4, 15.1, 5.3, 2.2}};
}

std::vector<known_food> read_foods(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw unreadable_list{"cannot read " + file.string()};
  boost::system::error_code error;
  const auto read = json::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, error);
  if (error || !read.is_array()) throw unreadable_list{file.string() + " is no list of foods"};
  std::vector<known_food> foods;
  for (const auto& row : read.get_array()) {
    if (auto food = known(row)) foods.push_back(std::move(*food));
  }
  if (foods.empty()) throw unreadable_list{file.string() + " holds no food that can be recognised"};
  return foods;
}

}  // namespace nxg::sandbox::mds
