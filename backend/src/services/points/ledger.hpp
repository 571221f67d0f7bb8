#pragma once

#include "models/points.hpp"
#include "models/workout.hpp"
#include "repositories/points.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <optional>
#include <string>

namespace nxg::points {

/// What a source is worth to a member now.
struct award_of {
  uuid member_id;
  points_source source_type = points_source::workout;
  uuid source_id;
  std::int64_t points = 0;
  std::string reason;
};

/// Gives points for what happened, and keeps the balance: entries are set from their source, the balance moves by what
/// an entry changed, once per event.
class ledger {
 public:
  ledger(points_repository& points, workout_repository& workouts, runtime::clock& time)
      : points_{points}, workouts_{workouts}, time_{time} {}

  /// Sets the entry of a workout to what its figures are worth now.
  task<void> award_workout(uuid workout_id) { return award(workout_id, false); }
  /// The same where the entry says it is of these figures already.
  task<void> award_workout_anew(uuid workout_id) { return award(workout_id, true); }
  /// Sets the entry of a source that was counted from what it follows from; worth nothing, and never given: no entry.
  task<void> set(award_of what);
  /// Moves the balance by an entry's change, once per event, and returns it.
  task<points_balance> apply(points_changed change, uuid event);

  /// Zero for who never earned any.
  task<points_balance> balance_of(uuid member);
  task<store::page<points_entry>> entries(uuid member, std::size_t limit, std::optional<std::string> after) {
    return points_.entries(member, limit, std::move(after));
  }

 private:
  task<void> award(uuid workout_id, bool anew);
  /// False when the entry changed since it was read.
  task<bool> write(points_entry entry, std::int64_t worth);

  points_repository& points_;
  workout_repository& workouts_;
  runtime::clock& time_;
};

}  // namespace nxg::points
