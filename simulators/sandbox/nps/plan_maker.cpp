#include "sandbox/nps/plan_maker.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace nxg::sandbox::nps {
namespace {

namespace json = boost::json;

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// What stands after "Name: " up to the next semicolon.
std::string_view field(std::string_view line, std::string_view name) {
  const auto at = line.find(std::string{name} + ": ");
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + name.size() + 2);
  return line.substr(0, line.find(';'));
}

std::optional<double> number_before(std::string_view text, std::string_view unit) {
  const auto end = text.find(unit);
  if (end == std::string_view::npos) return std::nullopt;
  auto from = end;
  while (from > 0 && ((text[from - 1] >= '0' && text[from - 1] <= '9') || text[from - 1] == '.')) --from;
  double read = 0;
  const auto [stop, error] = std::from_chars(text.data() + from, text.data() + end, read);
  return error == std::errc{} && stop == text.data() + end ? std::optional{read} : std::nullopt;
}

struct rule {
  std::string_view said;
  std::string_view means;
};

constexpr std::array allergies{rule{"milk", "milk"},         rule{"dairy", "milk"},
                               rule{"lactose", "milk"},      rule{"egg", "egg"},
                               rule{"gluten", "gluten"},     rule{"wheat", "gluten"},
                               rule{"celiac", "gluten"},     rule{"coeliac", "gluten"},
                               rule{"fish", "fish"},         rule{"shellfish", "shellfish"},
                               rule{"shrimp", "shellfish"},  rule{"crustacean", "shellfish"},
                               rule{"seafood", "shellfish"}, rule{"seafood", "fish"},
                               rule{"soy", "soy"},           rule{"peanut", "peanut"},
                               rule{"nut", "nuts"},          rule{"almond", "nuts"},
                               rule{"sesame", "sesame"}};

std::set<std::string_view> avoided(std::string_view line) {
  std::set<std::string_view> words;
  const auto said = lower_case(field(line, "Allergies"));
  for (const auto& one : allergies) {
    if (said.find(one.said) != std::string::npos) words.insert(one.means);
  }
  const auto kept = lower_case(field(line, "Dietary restrictions"));
  const auto keeps = [&](std::string_view word) { return kept.find(word) != std::string::npos; };
  if (keeps("vegetarian")) words.insert({"meat", "fish", "shellfish"});
  if (keeps("vegan")) words.insert({"meat", "fish", "shellfish", "milk", "egg"});
  if (keeps("pescatarian")) words.insert("meat");
  if (keeps("gluten")) words.insert("gluten");
  if (keeps("dairy")) words.insert("milk");
  if (keeps("egg free")) words.insert("egg");
  if (keeps("nut free")) words.insert({"nuts", "peanut"});
  if (keeps("soy")) words.insert("soy");
  if (keeps("pork") || keeps("halal") || keeps("kosher")) words.insert("pork");
  if (keeps("kosher")) words.insert("shellfish");
  if (keeps("beef")) words.insert("beef");
  return words;
}

struct slot {
  std::string_view name;
  course when = course::main;
  double share = 0;
};

std::vector<slot> slots_of(double meals) {
  if (meals <= 3)
    return {{"Breakfast", course::breakfast, 0.3}, {"Lunch", course::main, 0.4}, {"Dinner", course::main, 0.3}};
  if (meals <= 4) {
    return {{"Breakfast", course::breakfast, 0.27},
            {"Lunch", course::main, 0.35},
            {"Snack 2", course::snack, 0.1},
            {"Dinner", course::main, 0.28}};
  }
  return {{"Breakfast", course::breakfast, 0.25},
          {"Snack 1", course::snack, 0.1},
          {"Lunch", course::main, 0.3},
          {"Snack 2", course::snack, 0.1},
          {"Dinner", course::main, 0.25}};
}

food_figures total_of(const dish& one, const food_list& figures, double scale) {
  food_figures sum;
  for (const auto& part : one.parts) {
    const auto& in_100g = figures.find(part.food)->second;
    const double hundreds = part.grams * scale / 100;
    sum.calories += in_100g.calories * hundreds;
    sum.carbs += in_100g.carbs * hundreds;
    sum.protein += in_100g.protein * hundreds;
    sum.fat += in_100g.fat * hundreds;
    sum.fiber += in_100g.fiber * hundreds;
  }
  return sum;
}

std::string described(const dish& one, double scale) {
  std::string text{one.name};
  const char* separator = ": ";
  for (const auto& part : one.parts) {
    text += fmt::format("{}{:.0f} g {}", separator, part.grams * scale, part.name);
    separator = ", ";
  }
  return text;
}

// FNV-1a: a number that is the same on every machine.
std::uint64_t hash_of(std::uint64_t seed, std::string_view text) {
  std::uint64_t state = 14695981039346656037ULL ^ seed;
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return state;
}

std::vector<const dish*> menu_of(course when, const std::set<std::string_view>& never, const std::string& liked) {
  std::vector<const dish*> menu;
  for (const auto& one : all_dishes()) {
    const bool safe = std::ranges::none_of(one.holds, [&](auto word) { return never.contains(word); });
    if (one.when != when || !safe) continue;
    const bool first = !one.cuisine.empty() && liked.find(lower_case(one.cuisine)) != std::string::npos;
    menu.insert(first ? menu.begin() : menu.end(), &one);
  }
  return menu;
}

}  // namespace

plan_maker::plan_maker(food_list figures, std::uint64_t seed) : figures_{std::move(figures)}, seed_{seed} {}

std::optional<std::string> plan_maker::make(std::string_view line) const {
  const auto targets = field(line, "Daily targets");
  const auto kcal = number_before(targets, " kcal");
  if (!kcal || *kcal < 500 || *kcal > 8000) return std::nullopt;
  const auto meals = field(line, "Meals per day");
  const auto slots = slots_of(meals.empty() ? 5 : meals.front() - '0');
  const auto never = avoided(line);
  const auto liked = lower_case(field(line, "Cuisines"));
  const auto start = hash_of(seed_, line) % 97;

  json::array days;
  for (std::uint64_t day = 0; day < 7; ++day) {
    json::object texts;
    json::object calories;
    json::object names;
    std::uint64_t turn = start + day * 2;
    for (const auto& one : slots) {
      const auto menu = menu_of(one.when, never, liked);
      const auto& chosen = *menu[turn++ % menu.size()];
      const double scale = *kcal * one.share / total_of(chosen, figures_, 1).calories;
      texts[one.name] = described(chosen, scale);
      calories[one.name] = std::round(total_of(chosen, figures_, scale).calories);
      names[one.name] = chosen.name;
    }
    days.push_back(json::object{{"day", day + 1}, {"meals", texts}, {"calories", calories}, {"short_names", names}});
  }
  const auto grams = [&](std::string_view unit, double otherwise) {
    return fmt::format("{:.0f}g", number_before(targets, unit).value_or(otherwise));
  };
  const auto weight = number_before(field(line, "Target weight"), " kg").value_or(70);
  const json::object answer{{"target_weight", fmt::format("{:.1f} kg", weight)},
                            {"macros", json::object{{"Total Calories", fmt::format("{:.0f}", *kcal)},
                                                    {"Total Carbs", grams(" g carbs", *kcal * 0.12)},
                                                    {"Total Protein", grams(" g protein", *kcal * 0.06)},
                                                    {"Total Fat", grams(" g fat", *kcal * 0.03)},
                                                    {"Total Fiber", grams(" g fiber", *kcal * 0.014)}}},
                            {"meal_plan", days}};
  return json::serialize(answer);
}

}  // namespace nxg::sandbox::nps
