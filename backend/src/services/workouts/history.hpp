#pragma once

#include "models/day_rows.hpp"
#include "repositories/day_rows.hpp"
#include "repositories/workouts.hpp"
#include "runtime/task.hpp"
#include "services/workouts/closing.hpp"
#include "services/workouts/samples_of_workout.hpp"
#include "services/workouts/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg::workouts {

/// A sample with where it is from, as its member reads it.
struct located_sample {
  sample_source from;
  sample what;
};

struct sample_page {
  std::vector<located_sample> items;
  std::optional<std::string> next;
};

/// What a member reads of their own training. Another member's workout is `workout_not_found`.
class history {
 public:
  history(workout_repository& workouts, workout_samples& samples, closing& summaries, day_row_repository& days)
      : workouts_{workouts}, samples_{samples}, summaries_{summaries}, days_{days} {}

  /// Newest first; figures of those that are not final are what is folded of them.
  task<store::page<workout>> list(uuid member, std::size_t limit, std::optional<std::string> after) {
    return workouts_.history(member, limit, std::move(after));
  }
  task<workout_view> get(uuid member, uuid workout_id);
  /// By epoch, then seq; `after` is what an earlier page ended with.
  task<sample_page> samples(uuid member, uuid workout_id, std::size_t limit, std::optional<std::string> after);
  /// Newest first.
  task<store::page<member_day>> days(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                     std::optional<std::string> after) {
    return days_.member_days(member, from, to, limit, std::move(after));
  }

 private:
  task<workout> own(uuid member, uuid workout_id);

  workout_repository& workouts_;
  workout_samples& samples_;
  closing& summaries_;
  day_row_repository& days_;
};

}  // namespace nxg::workouts
