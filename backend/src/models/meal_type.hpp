#pragma once

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg {

/// The meals of a day. Three vocabularies name them: this one, that of meal plans ("Breakfast", "Snack 1", "Lunch",
/// "Snack 2", "Dinner") and that of the first phone apps (breakfast, lunch, dinner, snack).
enum class meal_type : std::uint8_t { breakfast, morning_snack, lunch, evening_snack, dinner, snack };
BOOST_DESCRIBE_ENUM(meal_type, breakfast, morning_snack, lunch, evening_snack, dinner, snack)

/// In any of the three vocabularies, whatever its case.
[[nodiscard]] std::optional<meal_type> meal_type_named(std::string_view text);

/// As meal plans say it; a snack of no particular time is "Snack 2".
[[nodiscard]] std::string_view plan_name_of(meal_type type) noexcept;

/// What is usually eaten at that time of the day: breakfast until 10, a morning snack until 12, lunch until 15, an
/// evening snack until 19, dinner until 22, else a snack. (Wider than the usual hours of each, so that none is left
/// out.)
[[nodiscard]] meal_type usual_meal_at(std::chrono::milliseconds time_of_day) noexcept;

}  // namespace nxg
