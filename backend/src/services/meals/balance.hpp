#pragma once

#include "coordination/coalescer.hpp"
#include "models/meal.hpp"
#include "models/nutrition_day.hpp"
#include "models/user.hpp"
#include "repositories/meals.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/meals/targets.hpp"

#include <boost/describe/class.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg::meals {

/// Reads a member's account; nothing when there is none (or it is erased).
using member_reader = std::function<task<std::optional<user>>(uuid member)>;

/// What those meals and drinks come to.
[[nodiscard]] day_intake intake_of(const std::vector<meal>& eaten, const std::vector<water_entry>& drunk);

/// What is left of targets; negative: more than that. Absent where there is no target.
struct remaining_intake {
  std::optional<double> energy_kcal;
  std::optional<double> carbs_g;
  std::optional<double> protein_g;
  std::optional<double> fat_g;
  std::optional<double> fiber_g;
  std::optional<std::int64_t> water_ml;

  static constexpr std::string_view schema_name = "RemainingNutrition";
};
BOOST_DESCRIBE_STRUCT(remaining_intake, (), (energy_kcal, carbs_g, protein_g, fat_g, fiber_g, water_ml))

[[nodiscard]] remaining_intake remaining_of(const nutrition_targets& targets, const day_intake& so_far);

/// One day of a member.
struct day_balance {
  schema::local_date date{};
  std::string time_zone;
  nutrition_targets targets;
  day_intake so_far;
  remaining_intake remaining;
};

/// What days come to. Rows are recomputed from meals and water entries and set at the version they were read at: any
/// number of times, in any order, from any process, they end up the same. A day that is asked for by many at once is
/// recomputed a few times for all of them.
class balance {
 public:
  balance(repositories::meals& diaries, member_reader members, target_reader targets, runtime::clock& time)
      : diaries_{diaries}, members_{std::move(members)}, targets_{std::move(targets)}, time_{time} {}

  task<void> set_day(uuid member, schema::local_date date);

  struct full_day {
    day_balance sums;
    std::vector<meal> meals;
  };
  /// The member's day now, by their zone, from what is in the diary this moment. Throws `not_found`.
  task<full_day> today(uuid member);
  /// The balance as its row has it; nothing when the member is gone.
  task<std::optional<day_balance>> kept(uuid member, schema::local_date date);
  task<store::page<nutrition_day>> days(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                        std::optional<std::string> after) {
    return diaries_.days(member, from, to, limit, std::move(after));
  }

 private:
  task<void> recompute(uuid member, schema::local_date date);

  repositories::meals& diaries_;
  member_reader members_;
  target_reader targets_;
  runtime::clock& time_;
  coordination::coalescer crowd_;
};

}  // namespace nxg::meals
