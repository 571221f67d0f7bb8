#pragma once

#include "models/meal.hpp"
#include "schema/types.hpp"
#include "services/meals/balance.hpp"
#include "services/meals/photographs.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::routes {

struct meal_correction_view {
  std::string correction;
  instant corrected_at{};
  std::vector<meal_item> previous_items;
  intake previous_nutrition;
  static constexpr std::string_view schema_name = "MealCorrection";
};
BOOST_DESCRIBE_STRUCT(meal_correction_view, (), (correction, corrected_at, previous_items, previous_nutrition))

struct meal_view {
  uuid meal_id;
  meal_source source = meal_source::manual;
  nxg::meal_type meal_type = nxg::meal_type::snack;
  instant logged_at{};
  std::string time_zone;
  schema::local_date local_date{};
  std::vector<meal_item> items;
  intake total_nutrition;
  detection_state detection = detection_state::none;
  std::optional<detection_source> detected_by;
  std::optional<std::string> detection_trouble;
  std::optional<instant> better_answer_at;
  std::optional<double> confidence;
  bool is_verified = false;
  bool needs_confirmation = false;
  std::vector<meal_doubt> doubts;
  std::optional<std::string> image_url;
  std::optional<std::string> notes;
  std::optional<uuid> source_meal_id;
  std::int64_t correction_count = 0;
  bool can_reuse = false;
  bool can_correct = false;
  static constexpr std::string_view schema_name = "Meal";
  static constexpr schema::note descriptions[] = {
      {"logged_at", "When it was eaten"},
      {"detection", "Of a photographed meal: `pending` until somebody could look at it"},
      {"detected_by", "Who told what is on the picture"},
      {"detection_trouble", "Why there is no answer yet, in one word"},
      {"better_answer_at", "When a pending picture is looked at again, at the earliest"},
      {"needs_confirmation", "Its figures do not count for points before the member confirms or corrects them"},
      {"image_url",
       "Reads the picture, for an hour; a repeated answer may hold one that has ended: read the meal for another"}};
};
BOOST_DESCRIBE_STRUCT(meal_view, (),
                      (meal_id, source, meal_type, logged_at, time_zone, local_date, items, total_nutrition, detection,
                       detected_by, detection_trouble, better_answer_at, confidence, is_verified, needs_confirmation,
                       doubts, image_url, notes, source_meal_id, correction_count, can_reuse, can_correct))

struct meal_details_view : meal_view {
  std::vector<meal_correction_view> corrections;
  static constexpr std::string_view schema_name = "MealDetails";
};
BOOST_DESCRIBE_STRUCT(meal_details_view, (meal_view), (corrections))

struct seen_meal_view {
  std::vector<meal_item> detected_foods;
  intake total_nutrition;
  nxg::meal_type meal_type = nxg::meal_type::snack;
  detection_source source = detection_source::service;
  std::optional<double> confidence;
  bool needs_confirmation = false;
  std::vector<meal_doubt> doubts;
  instant detected_at{};
  static constexpr std::string_view schema_name = "DetectedMeal";
};
BOOST_DESCRIBE_STRUCT(seen_meal_view, (),
                      (detected_foods, total_nutrition, meal_type, source, confidence, needs_confirmation, doubts,
                       detected_at))

struct nutrition_change_view {
  double calorie_change = 0;
  intake macro_changes;
  static constexpr std::string_view schema_name = "NutritionChange";
};
BOOST_DESCRIBE_STRUCT(nutrition_change_view, (), (calorie_change, macro_changes))

struct corrected_meal_view {
  meal_view corrected_meal;
  intake previous_nutrition;
  nutrition_change_view changes;
  static constexpr std::string_view schema_name = "CorrectedMeal";
};
BOOST_DESCRIBE_STRUCT(corrected_meal_view, (), (corrected_meal, previous_nutrition, changes))

struct consumed_view {
  std::int64_t meals = 0;
  std::int64_t unconfirmed_meals = 0;
  intake nutrition;
  std::int64_t water_ml = 0;
  static constexpr std::string_view schema_name = "ConsumedNutrition";
};
BOOST_DESCRIBE_STRUCT(consumed_view, (), (meals, unconfirmed_meals, nutrition, water_ml))

struct today_view {
  schema::local_date date{};
  std::string time_zone;
  meals::nutrition_targets targets;
  consumed_view consumed;
  meals::remaining_intake remaining;
  std::vector<meal_view> meals;
  static constexpr std::string_view schema_name = "NutritionToday";
};
BOOST_DESCRIBE_STRUCT(today_view, (), (date, time_zone, targets, consumed, remaining, meals))

struct water_view {
  uuid entry_id;
  std::int64_t milliliters = 0;
  instant logged_at{};
  schema::local_date local_date{};
  std::int64_t total_ml = 0;
  std::optional<std::int64_t> target_ml;
  static constexpr std::string_view schema_name = "WaterEntry";
  static constexpr schema::note descriptions[] = {{"total_ml", "Of that date so far"},
                                                  {"target_ml", "35 ml per kg of body weight"}};
};
BOOST_DESCRIBE_STRUCT(water_view, (), (entry_id, milliliters, logged_at, local_date, total_ml, target_ml))

struct nutrition_day_view {
  schema::local_date date{};
  std::int64_t water_ml = 0;
  std::int64_t meals = 0;
  intake nutrition;
  static constexpr std::string_view schema_name = "NutritionDay";
};
BOOST_DESCRIBE_STRUCT(nutrition_day_view, (), (date, water_ml, meals, nutrition))

[[nodiscard]] meal_view view_of(const meal& one, const meals::photographs& pictures);
[[nodiscard]] meal_details_view details_of(const meal& one, const meals::photographs& pictures);
[[nodiscard]] seen_meal_view view_of(const meals::seen_meal& seen, nxg::meal_type type, instant at);
[[nodiscard]] corrected_meal_view view_of(const meals::corrected_meal& corrected, const meals::photographs& pictures);
[[nodiscard]] today_view view_of(const meals::balance::full_day& day, const meals::photographs& pictures);
[[nodiscard]] nutrition_day_view view_of(const nutrition_day& row);

}  // namespace nxg::routes
