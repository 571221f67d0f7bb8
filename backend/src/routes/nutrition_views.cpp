#include "routes/nutrition_views.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/diet_views.hpp"
#include "services/api_error.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace nxg::routes {
namespace {

struct macro_percentages {
  std::int32_t carbs = 0;
  std::int32_t protein = 0;
  std::int32_t fat = 0;
};
BOOST_DESCRIBE_STRUCT(macro_percentages, (), (carbs, protein, fat))

struct week_summary {
  std::int32_t total_days = 0;
  double avg_calories_per_day = 0;
  double total_meals_per_day = 0;
  std::optional<double> target_weight_kg;
  macro_totals macro_targets;
};
BOOST_DESCRIBE_STRUCT(week_summary, (),
                      (total_days, avg_calories_per_day, total_meals_per_day, target_weight_kg, macro_targets))

struct plan_freshness {
  bool is_stale = false;
  plan_source source = plan_source::service;
  instant cache_expiry{};
  instant next_refresh_date{};
};
BOOST_DESCRIBE_STRUCT(plan_freshness, (), (is_stale, source, cache_expiry, next_refresh_date))

struct week_view {
  diet_summary diet_plan;
  std::vector<diet_day_view> weekly_meal_plan;
  week_summary summary;
  plan_freshness cache_info;
};
BOOST_DESCRIBE_STRUCT(week_view, (), (diet_plan, weekly_meal_plan, summary, cache_info))

struct meal_share {
  nxg::meal_type meal_type = nxg::meal_type::breakfast;
  std::int32_t percent = 0;
};
BOOST_DESCRIBE_STRUCT(meal_share, (), (meal_type, percent))

struct day_nutrition {
  double total_calories = 0;
  double avg_calories_per_meal = 0;
  std::vector<meal_share> meal_distribution;
};
BOOST_DESCRIBE_STRUCT(day_nutrition, (), (total_calories, avg_calories_per_meal, meal_distribution))

struct one_day_view {
  std::int32_t day = 1;
  std::string day_name;
  std::vector<diet_meal_view> meals;
  day_nutrition nutrition_summary;
  plan_freshness cache_info;
};
BOOST_DESCRIBE_STRUCT(one_day_view, (), (day, day_name, meals, nutrition_summary, cache_info))

struct macro_energies {
  double carbs = 0;
  double protein = 0;
  double fat = 0;
};
BOOST_DESCRIBE_STRUCT(macro_energies, (), (carbs, protein, fat))

struct macros_view {
  macro_totals macro_targets;
  /// Of the plan's energy, by 4, 4 and 9 kcal/g.
  routes::macro_percentages macro_percentages;
  /// The same in kcal.
  macro_energies macro_calories;
  instant valid_till{};
  diet_summary diet_plan_info;
  /// refresh_plan | drink_water | spread_protein | eat_more_fiber
  std::vector<std::string> recommendations;
};
BOOST_DESCRIBE_STRUCT(macros_view, (),
                      (macro_targets, macro_percentages, macro_calories, valid_till, diet_plan_info, recommendations))

struct day_path {
  schema::bounded<std::int32_t, 1, 7> day;

  static constexpr schema::note descriptions[] = {{"day", "1 is Monday"}};
};
BOOST_DESCRIBE_STRUCT(day_path, (), (day))

enum class library_category : std::uint8_t { meals, cuisines, dietary_restrictions };
BOOST_DESCRIBE_ENUM(library_category, meals, cuisines, dietary_restrictions)

struct library_query {
  library_category category = library_category::meals;
  std::optional<schema::text<1, 60>> filter;
  std::optional<dietary_restriction> restriction;
  std::optional<schema::text<1, 40>> cuisine;

  static constexpr std::string_view optional_fields[] = {"category"};
  static constexpr schema::note descriptions[] = {
      {"filter", "Words that names, cuisines or kinds of meals must have, from their beginnings"},
      {"restriction", "Only meals that keep to it"},
      {"cuisine", "Only meals of that kitchen"}};
};
BOOST_DESCRIBE_STRUCT(library_query, (), (category, filter, restriction, cuisine))

struct library_item {
  library_category category = library_category::meals;
  std::string name;
  /// breakfast | main | snack
  std::optional<std::string> kind;
  std::optional<std::string> cuisine;
  std::optional<macro_totals> macros;
  std::optional<std::vector<planned_food>> foods;
  std::optional<std::vector<allergen>> allergens;
  std::optional<std::vector<dietary_restriction>> suits;
  /// Of cuisines and restrictions: how many meals there are.
  std::optional<std::int64_t> meal_count;
};
BOOST_DESCRIBE_STRUCT(library_item, (), (category, name, kind, cuisine, macros, foods, allergens, suits, meal_count))

std::string text_of(diets::dish_slot slot) {
  switch (slot) {
    case diets::dish_slot::breakfast: return "breakfast";
    case diets::dish_slot::main: return "main";
    case diets::dish_slot::snack: return "snack";
  }
  return "main";
}

plan_freshness freshness_of(const diet_plan& plan, instant now) {
  return {now >= plan.next_refresh_at || plan.source == plan_source::stale_cache, plan.source, plan.fresh_until,
          plan.next_refresh_at};
}

double tenth(double value) { return std::round(value * 10) / 10; }

week_view week_of(const diet_plan& plan, instant now) {
  week_view view{
      .diet_plan = summary_of(plan), .weekly_meal_plan = {}, .summary = {}, .cache_info = freshness_of(plan, now)};
  double calories = 0;
  double meals = 0;
  for (const auto& day : plan.content->days) {
    view.weekly_meal_plan.push_back(view_of(day));
    calories += day.total_calories();
    meals += static_cast<double>(day.meals.size());
  }
  const auto days = static_cast<double>(std::max<std::size_t>(1, plan.content->days.size()));
  view.summary = {static_cast<std::int32_t>(plan.content->days.size()), tenth(calories / days), tenth(meals / days),
                  plan.content->target_weight_kg, totals_of(plan.content->total_macros)};
  return view;
}

one_day_view day_of(const diet_plan& plan, std::int32_t number, instant now) {
  const auto& days = plan.content->days;
  const auto found = std::ranges::find(days, number, &diet_day::day);
  if (found == days.end()) throw not_found("day of the plan");
  auto day = view_of(*found);
  one_day_view view{.day = day.day,
                    .day_name = day.day_name,
                    .meals = std::move(day.meals),
                    .nutrition_summary = {},
                    .cache_info = freshness_of(plan, now)};
  view.nutrition_summary.total_calories = day.total_calories;
  view.nutrition_summary.avg_calories_per_meal = tenth(day.total_calories / std::max(1, day.meal_count));
  for (const auto& meal : view.meals) {
    const auto percent = day.total_calories > 0 ? std::lround(100 * meal.calories / day.total_calories) : 0;
    view.nutrition_summary.meal_distribution.push_back({meal.meal_type, static_cast<std::int32_t>(percent)});
  }
  return view;
}

macros_view macros_view_of(const diet_plan& plan, instant now) {
  const auto& total = plan.content->total_macros;
  macros_view view;
  view.macro_targets = totals_of(total);
  view.macro_calories = {tenth(total.carbs_g * 4), tenth(total.protein_g * 4), tenth(total.fat_g * 9)};
  const auto percent = [&](double kcal) {
    return static_cast<std::int32_t>(total.energy_kcal > 0 ? std::lround(100 * kcal / total.energy_kcal) : 0);
  };
  view.macro_percentages = {percent(total.carbs_g * 4), percent(total.protein_g * 4), percent(total.fat_g * 9)};
  view.valid_till = plan.next_refresh_at;
  view.diet_plan_info = summary_of(plan);
  if (now >= plan.next_refresh_at) view.recommendations.emplace_back("refresh_plan");
  if (total.fiber_g < 14 * total.energy_kcal / 1000) view.recommendations.emplace_back("eat_more_fiber");
  view.recommendations.emplace_back("spread_protein");
  view.recommendations.emplace_back("drink_water");
  return view;
}

bool matches(const library_item& item, const std::optional<schema::text<1, 60>>& filter) {
  if (!filter) return true;
  const auto text = ' ' + plain_words(item.name + ' ' + item.cuisine.value_or("") + ' ' + item.kind.value_or(""));
  std::string wanted = plain_words(*filter);
  std::size_t from = 0;
  while (from < wanted.size()) {
    const auto end = std::min(wanted.find(' ', from), wanted.size());
    if (text.find(' ' + wanted.substr(from, end - from)) == std::string::npos) return false;
    from = end + 1;
  }
  return true;
}

library_item item_of(const diets::library_meal& meal) {
  library_item item;
  item.name = meal.name;
  item.kind = text_of(meal.slot);
  if (!meal.cuisine.empty()) item.cuisine = meal.cuisine;
  item.macros = totals_of(meal.nutrition);
  std::vector<planned_food> foods;
  for (const auto& one : meal.foods) foods.push_back({one.food_id, one.name, one.grams});
  item.foods = std::move(foods);
  item.allergens = meal.allergens;
  item.suits = meal.suits;
  return item;
}

std::vector<library_item> items_of(library_category category, const std::vector<diets::library_meal>& meals) {
  std::vector<library_item> items;
  if (category == library_category::meals) {
    for (const auto& meal : meals) items.push_back(item_of(meal));
    return items;
  }
  std::map<std::string, std::int64_t> counted;
  for (const auto& meal : meals) {
    if (category == library_category::cuisines && !meal.cuisine.empty()) ++counted[meal.cuisine];
    if (category != library_category::dietary_restrictions) continue;
    for (const auto rule : meal.suits) ++counted[boost::describe::enum_to_string(rule, "")];
  }
  for (const auto& [name, count] : counted) {
    library_item item;
    item.category = category;
    item.name = name;
    item.meal_count = count;
    items.push_back(std::move(item));
  }
  return items;
}

task<http::page<library_item>> library(const nutrition_view_parts& parts, library_query asked,
                                       http::page_request page) {
  const auto meals = co_await parts.library();
  http::page<library_item> answer;
  for (auto& item : items_of(asked.category, meals)) {
    const bool suits =
        !asked.restriction || (item.suits && std::ranges::find(*item.suits, *asked.restriction) != item.suits->end());
    const bool of_kitchen =
        !asked.cuisine || (item.cuisine && plain_words(*item.cuisine) == plain_words(*asked.cuisine));
    // Names are unique in a category, and in order.
    const bool is_later = !page.after || item.name > *page.after;
    if (!suits || !of_kitchen || !is_later || !matches(item, asked.filter)) continue;
    if (answer.items.size() == static_cast<std::size_t>(page.limit)) {
      answer.next = answer.items.back().name;
      break;
    }
    answer.items.push_back(std::move(item));
  }
  co_return answer;
}

}  // namespace

void declare_nutrition_views(http::router& routes, nutrition_view_parts parts) {
  routes.get("/api/nutrition/daily")
      .summary("The week of the active diet plan")
      .tag("Nutrition")
      .operation_id("getWeeklyMeals")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::plan_not_safe)
      .handle([parts](http::principal who) -> task<week_view> {
        const auto plan = co_await parts.plans.active(who.id);
        co_return week_of(plan, parts.time.now());
      });

  routes.get("/api/nutrition/daily/{day}")
      .summary("One day of the active diet plan")
      .tag("Nutrition")
      .operation_id("getDailyMeals")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::plan_not_safe, error_code::not_found)
      .handle([parts](http::principal who, http::path<day_path> which) -> task<one_day_view> {
        const auto plan = co_await parts.plans.active(who.id);
        co_return day_of(plan, which->day, parts.time.now());
      });

  routes.get("/api/nutrition/macros")
      .summary("What a day of the active diet plan comes to")
      .tag("Nutrition")
      .operation_id("getMacros")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::plan_not_safe)
      .handle([parts](http::principal who) -> task<macros_view> {
        const auto plan = co_await parts.plans.active(who.id);
        co_return macros_view_of(plan, parts.time.now());
      });

  routes.get("/api/nutrition/library")
      .summary("Meals made of the food database, their cuisines, and the restrictions they keep to")
      .tag("Nutrition")
      .operation_id("listMealLibrary")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([parts](http::query<library_query> asked, http::page_request page) {
        return library(parts, std::move(asked.value), std::move(page));
      });
}

}  // namespace nxg::routes
