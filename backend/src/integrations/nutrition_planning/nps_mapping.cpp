#include "integrations/nutrition_planning/nps_mapping.hpp"

#include "integrations/instructions.hpp"
#include "integrations/planning/outgoing_text.hpp"
#include "models/weekday.hpp"
#include "models/words.hpp"
#include "schema/json.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace nxg::integrations::nps {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 60;
// As many and as long as a profile may hold: an allergy cut short could mean another one.
constexpr std::size_t longest_note = 100;
constexpr std::size_t most_entries = 50;
constexpr std::size_t longest_description = 500;
constexpr std::size_t longest_short_name = 80;
constexpr double most_kcal_of_a_meal = 2000;
constexpr double day_tolerance = 0.15;
constexpr double asked_tolerance = 0.25;
// Below these nobody's plan may go, whatever was asked.
constexpr double least_kcal = 1200;
constexpr double least_kcal_of_men = 1500;

constexpr auto meals_in_order =
    std::to_array<std::pair<std::string_view, meal_type>>({{"Breakfast", meal_type::breakfast},
                                                           {"Snack 1", meal_type::morning_snack},
                                                           {"Lunch", meal_type::lunch},
                                                           {"Snack 2", meal_type::evening_snack},
                                                           {"Dinner", meal_type::dinner}});

std::string words_of(auto value) { return plain_words(boost::describe::enum_to_string(value, "")); }

std::string listed(const std::vector<std::string>& texts, std::size_t longest) {
  std::string line;
  std::size_t count = 0;
  for (const auto& text : texts) {
    const auto one = outgoing_text(text, longest);
    if (one.empty() || count == most_entries) continue;
    line += (line.empty() ? "" : ", ") + one;
    ++count;
  }
  return line.empty() ? "None" : line;
}

std::string listed(const std::vector<dietary_restriction>& some) {
  std::string line;
  for (const auto one : some) line += (line.empty() ? "" : ", ") + words_of(one);
  return line.empty() ? "None" : line;
}

std::string listed(const std::map<std::string, std::vector<std::string>>& cuisines) {
  std::string line;
  for (const auto& [kind, entries] : cuisines) {
    const auto name = outgoing_text(kind, longest_text);
    if (name.empty()) continue;
    line += (line.empty() ? "" : ", ") + name;
    if (!entries.empty()) line += " (" + listed(entries, longest_text) + ")";
  }
  return line.empty() ? "None" : line;
}

[[noreturn]] void refuse(const std::string& why) { throw malformed_answer{why}; }

const json::value& member(const json::value& of, std::string_view name) {
  if (!of.is_object()) refuse(fmt::format("no object where '{}' is expected", name));
  const auto* found = of.get_object().if_contains(name);
  if (found == nullptr) refuse(fmt::format("'{}' is missing", name));
  return *found;
}

const json::object& object(const json::value& of, std::string_view name) {
  const auto& value = member(of, name);
  if (!value.is_object()) refuse(fmt::format("'{}' is no object", name));
  return value.get_object();
}

// "223g", "119 g", "1850", "75.0 kg"; numbers as they are.
double amount(const json::value& value, std::string_view name) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) refuse(fmt::format("'{}' is no amount", name));
  const std::string_view text = value.get_string();
  double read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{}) refuse(fmt::format("'{}' is no amount", name));
  const auto unit = plain_words(std::string_view{end, static_cast<std::size_t>(text.data() + text.size() - end)});
  if (!unit.empty() && unit != "g" && unit != "kcal" && unit != "kg")
    refuse(fmt::format("'{}' has another unit", name));
  return read;
}

double amount(const json::value& value, std::string_view name, double least, double most) {
  const double read = amount(value, name);
  if (!std::isfinite(read) || read < least || read > most) refuse(fmt::format("'{}' is out of range", name));
  return read;
}

std::string line_of_food(const json::value& value, std::size_t longest) {
  if (!value.is_string()) refuse("a meal's text is no text");
  const std::string_view text = value.get_string();
  if (text.size() > longest * 4) refuse("a meal's text is too long");
  if (reads_like_instructions(text)) refuse("a meal's text holds instructions");
  return incoming_text(text, longest);
}

intake macros_of(const json::value& answer) {
  const json::value& macros = member(answer, "macros");
  const auto read = [&](std::string_view name, double most) { return amount(member(macros, name), name, 0, most); };
  intake total{read("Total Calories", 8000), read("Total Carbs", 1500), read("Total Protein", 600),
               read("Total Fat", 600), read("Total Fiber", 300)};
  const double held = 4 * total.carbs_g + 4 * total.protein_g + 9 * total.fat_g;
  if (std::abs(held - total.energy_kcal) > 0.25 * total.energy_kcal) refuse("the macros do not come to the energy");
  return total;
}

void require_asked(const intake& total, const diet_need& need) {
  const double least = need.gender == gender::female ? least_kcal : least_kcal_of_men;
  // The least for somebody whose sex is not known is the higher one only where more was asked for anyway.
  const double floor = std::min(least, std::max(least_kcal, need.targets.energy_kcal));
  if (total.energy_kcal < floor * 0.999) refuse("the plan is less than anybody should eat");
  if (std::abs(total.energy_kcal - need.targets.energy_kcal) > asked_tolerance * need.targets.energy_kcal) {
    refuse("the plan is far from the energy asked for");
  }
}

diet_day day_of(const json::value& read) {
  diet_day day;
  day.day = static_cast<std::int32_t>(amount(member(read, "day"), "day", 1, 7));
  day.day_name = weekday_name(day.day);
  const auto& meals = object(read, "meals");
  const auto& calories = object(read, "calories");
  const auto& names = object(read, "short_names");
  for (const auto& one : meals) {
    const std::string_view name{one.key().data(), one.key().size()};
    const auto same = [&](const auto& known) { return known.first == name; };
    if (std::ranges::none_of(meals_in_order, same)) refuse("a meal nobody knows");
  }
  for (const auto& [name, type] : meals_in_order) {
    const auto* text = meals.if_contains(name);
    if (text == nullptr) continue;
    planned_meal meal;
    meal.meal_type = type;
    meal.meal_description = line_of_food(*text, longest_description);
    if (meal.meal_description.empty()) continue;
    const auto* kcal = calories.if_contains(name);
    if (kcal == nullptr) refuse("a meal without its energy");
    meal.calories = amount(*kcal, "calories", 0, most_kcal_of_a_meal);
    const auto* short_name = names.if_contains(name);
    if (short_name != nullptr) meal.short_name = line_of_food(*short_name, longest_short_name);
    if (meal.short_name.empty()) meal.short_name = meal.meal_description.substr(0, meal.meal_description.find(','));
    meal.meal_order = static_cast<std::int32_t>(day.meals.size()) + 1;
    day.meals.push_back(std::move(meal));
  }
  if (day.meals.empty()) refuse("a day without meals");
  return day;
}

}  // namespace

std::string input_text(const diet_need& need) {
  const auto& t = need.targets;
  const auto activity = outgoing_text(need.activity_level, longest_text);
  return fmt::format(
      "Goal: {}; Age: {}; Gender: {}; Height: {:.1f} cm; Current weight: {:.1f} kg; Target weight: {:.1f} kg; BMI: "
      "{:.2f}; Activity "
      "level: {}; Allergies: {}; Health conditions: {}; Dietary restrictions: {}; Cuisines: {}; Meals per day: {}; "
      "Daily targets: "
      "{:.0f} kcal, {:.0f} g carbs, {:.0f} g protein, {:.0f} g fat, {:.0f} g fiber",
      words_of(need.goal), need.age_years, words_of(need.gender), need.height_cm, need.weight_kg, need.target_weight_kg,
      need.bmi, activity.empty() ? "None" : activity, listed(need.allergies, longest_note),
      listed(need.health_conditions, longest_note), listed(need.restrictions), listed(need.cuisines),
      std::min(need.meals_per_day, 5), t.energy_kcal, t.carbs_g, t.protein_g, t.fat_g, t.fiber_g);
}

std::string request_for(const diet_need& need) {
  std::string body = R"({"input_text":)";
  schema::append_json_string(body, input_text(need));
  return body += '}';
}

outside_diet read_answer(std::string_view body, const diet_need& need) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  const auto answer = json::parse(body, error, {}, options);
  if (error) refuse("no JSON");
  outside_diet diet;
  diet.target_weight_kg = amount(member(answer, "target_weight"), "target_weight", 20, 500);
  diet.total_macros = macros_of(answer);
  require_asked(diet.total_macros, need);
  const auto& plan = member(answer, "meal_plan");
  if (!plan.is_array() || plan.get_array().empty() || plan.get_array().size() > 7) refuse("not 1 to 7 days");
  std::set<std::int32_t> seen;
  for (const auto& one : plan.get_array()) {
    auto day = day_of(one);
    if (!seen.insert(day.day).second) refuse("a day twice");
    if (std::abs(day.total_calories() - diet.total_macros.energy_kcal) >
        day_tolerance * diet.total_macros.energy_kcal) {
      refuse("a day does not come to what is declared");
    }
    diet.days.push_back(std::move(day));
  }
  std::ranges::sort(diet.days, {}, &diet_day::day);
  return diet;
}

}  // namespace nxg::integrations::nps
