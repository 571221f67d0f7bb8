#pragma once

#include "repositories/meals.hpp"
#include "repositories/points.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

namespace nxg::points {

/// Points for meals in the diary: entries are set from all meals of a day, as many of them as the table rewards.
class meal_awards {
 public:
  meal_awards(points_repository& points, repositories::meals& meals, runtime::clock& time)
      : points_{points}, meals_{meals}, time_{time} {}

  /// Sets the entries of all meals of that day, and of `changed`, which may be gone, to what they are worth now.
  task<void> award_day(uuid member, schema::local_date date, uuid changed);

 private:
  task<void> award(uuid member, schema::local_date date, uuid meal_id);
  task<bool> set(uuid member, schema::local_date date, uuid meal_id);

  points_repository& points_;
  repositories::meals& meals_;
  runtime::clock& time_;
};

}  // namespace nxg::points
