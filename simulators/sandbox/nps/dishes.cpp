#include "sandbox/nps/dishes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fstream>
#include <iterator>

namespace nxg::sandbox::nps {
namespace {

namespace json = boost::json;

// Where a column of the file stands.
constexpr std::size_t number = 0, energy = 3, protein = 4, fat = 5, carbs = 7, fiber = 8;

double figure(const json::array& row, std::size_t at) {
  const auto& cell = row.at(at);
  return cell.is_number() ? cell.to_number<double>() : 0.0;
}

}  // namespace

food_list built_in_figures() {
  return {{"05064", {165, 0, 31.02, 3.57, 0}},
          {"15209", {182, 0, 25.44, 8.13, 0}},
          {"13953", {211, 0, 26.05, 11.07, 0}},
          {"01129", {155, 1.12, 12.58, 10.61, 0}},
          {"16126", {78, 2.85, 9.04, 4.17, 0.9}},
          {"16070", {116, 20.13, 9.02, 0.38, 7.9}},
          {"16057", {164, 27.42, 8.86, 2.59, 7.6}},
          {"16033", {127, 22.8, 8.67, 0.5, 7.4}},
          {"01256", {59, 3.6, 10.19, 0.39, 0}},
          {"20137", {120, 21.3, 4.4, 1.92, 2.8}},
          {"20037", {123, 25.58, 2.74, 0.97, 1.6}},
          {"20045", {130, 28.17, 2.69, 0.28, 0.4}},
          {"20038", {389, 66.27, 16.89, 6.9, 10.6}},
          {"20121", {158, 30.86, 5.8, 0.93, 1.8}},
          {"11367", {86, 20.01, 1.71, 0.1, 1.8}},
          {"11508", {90, 20.71, 2.01, 0.15, 3.3}},
          {"11091", {35, 7.18, 2.38, 0.41, 3.3}},
          {"11457", {23, 3.63, 2.86, 0.39, 2.2}},
          {"11529", {18, 3.89, 0.88, 0.2, 1.2}},
          {"11124", {41, 9.58, 0.93, 0.24, 2.8}},
          {"04053", {884, 0, 0, 100, 0}},
          {"12061", {579, 21.55, 21.15, 49.93, 12.5}},
          {"09037", {160, 8.53, 2, 14.66, 6.7}},
          {"09040", {89, 22.84, 1.09, 0.33, 2.6}},
          {"09003", {52, 13.81, 0.26, 0.17, 2.4}},
          {"09050", {57, 14.49, 0.74, 0.33, 2.4}},
          {"09252", {57, 15.23, 0.36, 0.14, 3.1}},
          {"15151", {119, 1.52, 22.78, 1.7, 0}},
          {"10061", {143, 0, 26.17, 3.51, 0}},
          {"20032", {119, 23.67, 3.51, 1, 1.3}}};
}

food_list read_figures(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw unreadable_foods{"cannot read " + file.string()};
  boost::system::error_code error;
  const auto read = json::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, error);
  if (error || !read.is_array()) throw unreadable_foods{file.string() + " is no list of foods"};
  auto figures = built_in_figures();
  std::size_t known = 0;
  for (const auto& one : read.get_array()) {
    if (!one.is_array() || one.get_array().size() < 48 || !one.get_array().at(number).is_string()) continue;
    const auto& row = one.get_array();
    const auto found = figures.find(std::string_view{row.at(number).get_string()});
    if (found == figures.end()) continue;
    found->second = {figure(row, energy), figure(row, carbs), figure(row, protein), figure(row, fat),
                     figure(row, fiber)};
    ++known;
  }
  if (known == 0) throw unreadable_foods{file.string() + " holds none of the foods that are cooked with"};
  return figures;
}

const std::vector<dish>& all_dishes() {
  static const std::vector<dish> dishes{
      {"Porridge of oats with blueberries",
       course::breakfast,
       "",
       {"gluten"},
       {{"20038", "oats", 60}, {"09050", "blueberries", 100}}},
      {"Greek yogurt with banana",
       course::breakfast,
       "",
       {"milk"},
       {{"01256", "Greek yogurt", 250}, {"09040", "banana", 150}}},
      {"Boiled eggs with potatoes and tomatoes",
       course::breakfast,
       "European",
       {"egg"},
       {{"01129", "eggs", 120}, {"11367", "potatoes", 200}, {"11529", "tomatoes", 100}}},
      {"Warm quinoa with pear",
       course::breakfast,
       "",
       {},
       {{"20137", "quinoa", 250}, {"09252", "pear", 150}, {"04053", "olive oil", 8}}},
      {"Millet with apple",
       course::breakfast,
       "",
       {},
       {{"20032", "millet", 250}, {"09003", "apple", 150}, {"04053", "olive oil", 8}}},
      {"Sweet potato with avocado and spinach",
       course::breakfast,
       "",
       {},
       {{"11508", "sweet potato", 250}, {"09037", "avocado", 80}, {"11457", "spinach", 50}}},
      {"Apple with almonds", course::snack, "", {"nuts"}, {{"09003", "apple", 150}, {"12061", "almonds", 20}}},
      {"Banana", course::snack, "", {}, {{"09040", "banana", 180}}},
      {"Greek yogurt with blueberries",
       course::snack,
       "",
       {"milk"},
       {{"01256", "Greek yogurt", 200}, {"09050", "blueberries", 80}}},
      {"Carrots with chickpeas", course::snack, "", {}, {{"11124", "carrots", 150}, {"16057", "chickpeas", 80}}},
      {"Pear with avocado", course::snack, "", {}, {{"09252", "pear", 150}, {"09037", "avocado", 50}}},
      {"Chicken breast with brown rice and broccoli",
       course::main,
       "",
       {"meat"},
       {{"05064", "chicken breast", 150},
        {"20037", "brown rice", 200},
        {"11091", "broccoli", 150},
        {"04053", "olive oil", 10}}},
      {"Salmon with potatoes and spinach",
       course::main,
       "European",
       {"fish"},
       {{"15209", "salmon", 150}, {"11367", "potatoes", 250}, {"11457", "spinach", 80}, {"04053", "olive oil", 8}}},
      {"Roast beef with potatoes and carrots",
       course::main,
       "European",
       {"meat", "beef"},
       {{"13953", "roast beef", 140}, {"11367", "potatoes", 250}, {"11124", "carrots", 120}}},
      {"Pork tenderloin with potatoes and broccoli",
       course::main,
       "European",
       {"meat", "pork"},
       {{"10061", "pork tenderloin", 150},
        {"11367", "potatoes", 250},
        {"11091", "broccoli", 120},
        {"04053", "olive oil", 10}}},
      {"Shrimp with white rice and tomatoes",
       course::main,
       "Asian",
       {"shellfish"},
       {{"15151", "shrimp", 150},
        {"20045", "white rice", 220},
        {"11529", "tomatoes", 120},
        {"04053", "olive oil", 12}}},
      {"Tofu with brown rice and broccoli",
       course::main,
       "Asian",
       {"soy"},
       {{"16126", "tofu", 250}, {"20037", "brown rice", 200}, {"11091", "broccoli", 120}, {"04053", "olive oil", 8}}},
      {"Lentils with white rice and spinach",
       course::main,
       "Indian",
       {},
       {{"16070", "lentils", 250}, {"20045", "white rice", 180}, {"11457", "spinach", 80}, {"04053", "olive oil", 12}}},
      {"Chickpeas with brown rice and tomatoes",
       course::main,
       "Indian",
       {},
       {{"16057", "chickpeas", 200},
        {"20037", "brown rice", 180},
        {"11529", "tomatoes", 150},
        {"04053", "olive oil", 10}}},
      {"Kidney beans with white rice and tomatoes",
       course::main,
       "Indian",
       {},
       {{"16033", "kidney beans", 220},
        {"20045", "white rice", 180},
        {"11529", "tomatoes", 150},
        {"04053", "olive oil", 12}}},
      {"Pasta with chicken and tomatoes",
       course::main,
       "Italian",
       {"gluten", "egg", "meat"},
       {{"20121", "pasta", 250},
        {"05064", "chicken breast", 120},
        {"11529", "tomatoes", 150},
        {"04053", "olive oil", 10}}},
      {"Quinoa with chickpeas and avocado",
       course::main,
       "Mediterranean",
       {},
       {{"20137", "quinoa", 250}, {"16057", "chickpeas", 120}, {"09037", "avocado", 80}}},
  };
  return dishes;
}

}  // namespace nxg::sandbox::nps
