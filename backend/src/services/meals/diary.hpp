#pragma once

#include "models/meal.hpp"
#include "models/nutrition_day.hpp"
#include "repositories/meals.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/meals/balance.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::meals {

/// A food of the database, as far as a diary needs it.
struct known_food {
  std::string name;
  intake per_100g;
};
/// Nothing for an unknown id.
using food_reader = std::function<task<std::optional<known_food>>(uuid food)>;

/// One thing as the member enters it: a food of the database with its grams, or a name with figures for the whole.
struct entered_item {
  std::optional<uuid> food_id;
  std::string name;
  double quantity = 1;
  std::string unit;
  std::optional<intake> nutrition;
};

struct entered_meal {
  /// Absent: what is usual at that time of the day.
  std::optional<nxg::meal_type> meal_type;
  std::string notes;
  /// Absent: now.
  std::optional<instant> eaten_at;
  std::vector<entered_item> items;
  meal_source source = meal_source::manual;
};

/// A meal before and after a correction.
struct corrected_meal {
  meal now;
  intake before;
};

inline constexpr std::uint64_t most_meals_of_day = 100;
inline constexpr std::size_t most_drinks_of_day = 200;

/// What members write into their diaries themselves. Ids come from the caller, so that a repeated request meets what
/// its first try wrote. Every change carries the events that set what follows from it. Errors beside those of the
/// store: `meal_not_found` (also for another member's), `diary_day_full`, `meal_not_analyzed`, `not_found` (no such
/// member).
class diary {
 public:
  diary(repositories::meals& kept, member_reader members, food_reader foods, runtime::clock& time)
      : kept_{kept}, members_{std::move(members)}, foods_{std::move(foods)}, time_{time} {}

  /// Throws `invalid_request` where a food is unknown, or the time is not within the last 30 days.
  task<meal> enter(uuid member, entered_meal entry, uuid id, instant at);
  /// The same again, under a new id that names where it is from.
  task<meal> repeat(uuid member, uuid source, std::optional<nxg::meal_type> type, std::optional<std::string> notes,
                    uuid id, instant at);
  task<meal> get(uuid member, uuid id);
  task<store::page<meal>> history(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                  std::optional<std::string> after) {
    return kept_.history(member, from, to, limit, std::move(after));
  }
  /// The member says that it is right as it stands.
  task<meal> confirm(uuid member, uuid id);
  /// The member says what it was. The same words of the same moment `at` again change nothing.
  task<corrected_meal> put_right(uuid member, uuid id, std::string correction, std::vector<entered_item> items,
                                 std::optional<nxg::meal_type> type, instant at);
  /// With its picture, which goes soon after.
  task<void> remove(uuid member, uuid id);

  struct drunk {
    water_entry entry;
    std::int64_t total_ml = 0;
  };
  task<drunk> drink(uuid member, std::int64_t milliliters, uuid id, instant at);

  /// The day a meal of now belongs to, with the member's account. Throws `not_found`.
  struct here_and_now {
    user member;
    std::string time_zone;
    schema::local_date date{};
    nxg::meal_type usual = nxg::meal_type::snack;
  };
  task<here_and_now> place_of(uuid member, instant at);
  /// Throws `conflict`.
  task<void> require_room(uuid member, schema::local_date date);

 private:
  task<std::vector<meal_item>> items_of(std::vector<entered_item> entered);
  /// Writes a new meal; where an earlier try of the request has, that one is the answer.
  task<meal> write(meal made);

  repositories::meals& kept_;
  member_reader members_;
  food_reader foods_;
  runtime::clock& time_;
};

/// Puts other items into a meal, remembering what was there.
void replace_items(meal& of, std::vector<meal_item> items, std::string why, instant now);
/// What the meal was before that correction, where an earlier try of the same request has made it.
[[nodiscard]] std::optional<intake> before_correction(const meal& of, std::string_view why, instant at);
/// The events of a change of that meal.
[[nodiscard]] store::events change_of(const meal& what);

}  // namespace nxg::meals
