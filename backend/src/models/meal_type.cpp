#include "models/meal_type.hpp"

#include "models/words.hpp"

namespace nxg {

std::optional<meal_type> meal_type_named(std::string_view text) {
  const auto words = plain_words(text);
  if (words == "snack 1") return meal_type::morning_snack;
  if (words == "snack 2") return meal_type::evening_snack;
  return enum_named<meal_type>(words);
}

std::string_view plan_name_of(meal_type type) noexcept {
  switch (type) {
    case meal_type::breakfast: return "Breakfast";
    case meal_type::morning_snack: return "Snack 1";
    case meal_type::lunch: return "Lunch";
    case meal_type::evening_snack:
    case meal_type::snack: return "Snack 2";
    case meal_type::dinner: return "Dinner";
  }
  return "Snack 2";
}

meal_type usual_meal_at(std::chrono::milliseconds time_of_day) noexcept {
  using namespace std::chrono_literals;
  if (time_of_day < 4h) return meal_type::snack;
  if (time_of_day < 10h) return meal_type::breakfast;
  if (time_of_day < 12h) return meal_type::morning_snack;
  if (time_of_day < 15h) return meal_type::lunch;
  if (time_of_day < 19h) return meal_type::evening_snack;
  if (time_of_day < 22h) return meal_type::dinner;
  return meal_type::snack;
}

}  // namespace nxg
