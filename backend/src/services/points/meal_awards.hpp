#pragma once

#include "coordination/coalescer.hpp"
#include "repositories/meals.hpp"
#include "repositories/points.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <vector>

namespace nxg::points {

/// Points for meals in the diary: entries are set from all meals of a day, as many of them as the table rewards. A day
/// that is asked for by many at once is looked at a few times for all of them.
class meal_awards {
 public:
  meal_awards(points_repository& points, repositories::meals& meals, runtime::clock& time)
      : points_{points}, meals_{meals}, time_{time} {}

  /// Sets the entries of all meals of that day, and of `changed`, which may be gone, to what they are worth now.
  task<void> award_day(uuid member, schema::local_date date, uuid changed);

 private:
  task<void> award_all(uuid member, schema::local_date date);
  task<bool> set_all(uuid member, schema::local_date date, const std::vector<uuid>& of);
  task<void> set(points_entry entry, std::int64_t worth);

  points_repository& points_;
  repositories::meals& meals_;
  runtime::clock& time_;
  coordination::coalescer crowd_;
};

}  // namespace nxg::points
