#pragma once

#include "models/exercise_log.hpp"
#include "models/workout.hpp"
#include "repositories/exercise_logs.hpp"
#include "repositories/visits.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/planning.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nxg::training {

/// What a member writes into the diary.
struct new_entry {
  uuid exercise_id;
  std::vector<logged_set> sets;
  std::string notes;
  /// The visit it belongs to; absent: the one going on, if it was done during it.
  std::optional<uuid> session_id;
  /// Absent: now.
  std::optional<instant> completed_at;
};

struct entry_correction {
  std::vector<logged_set> sets;
  std::string notes;
};

inline constexpr std::chrono::hours correctable_for{24};
inline constexpr std::chrono::hours oldest_entry{24 * 7};
inline constexpr std::chrono::seconds furthest_ahead{60};
/// A set written down so long after its machine workout ended is still that workout's.
inline constexpr std::chrono::minutes written_down_after{15};

/// A member's training diary: entries by hand, and those the strength stations write. Another member's entry is
/// `log_not_found`.
class diary {
 public:
  struct parts {
    repositories::exercise_logs& logs;
    visit_repository& visits;
    workout_repository& workouts;
    exercises::catalogue& exercises;
    planning::member_reader members;
    runtime::clock& time;
  };
  explicit diary(parts with) : parts_{std::move(with)} {}

  /// The same id again: the entry made first. Throws exercise_not_found, visit_not_found, already_logged, and
  /// invalid_request for a time that is none.
  task<exercise_log> add(uuid member, new_entry what, uuid id);
  task<exercise_log> get(uuid member, uuid log);
  /// Newest first.
  task<store::page<exercise_log>> list(uuid member, repositories::log_filter narrowed, std::size_t limit,
                                       std::optional<std::string> after) {
    return parts_.logs.list(member, narrowed, limit, std::move(after));
  }
  /// Replaces sets and notes; what they were is kept. Throws log_closed after 24 hours, precondition_failed when it is
  /// not at `expected`.
  task<exercise_log> correct(uuid member, uuid log, entry_correction what, std::optional<std::int64_t> expected);
  /// Throws as `correct`.
  task<void> remove(uuid member, uuid log, std::optional<std::int64_t> expected);

  /// What follows from a final workout on a strength station: an entry for each exercise, set to what its figures say
  /// now. What the member wrote down or corrected stands. Any number of times.
  task<void> take_workout(uuid workout_id);

 private:
  task<exercise_log> open_to_change(uuid member, uuid log, std::optional<std::int64_t> expected);
  task<void> attach(exercise_log& entry, const std::optional<uuid>& session_id);
  task<bool> machine_logged_it(const exercise_log& entry);
  task<void> set_entry(const workout& of, const exercise& what, std::vector<logged_set> sets,
                       std::vector<exercise_log>& present);

  parts parts_;
};

/// Sets of a station by the exercise they are of: what a set says itself, else what the station is called. Sets of
/// nothing the library knows are in none.
struct sets_of_exercise {
  const exercise* what = nullptr;
  std::vector<logged_set> sets;
};
[[nodiscard]] std::vector<sets_of_exercise> by_exercise(const std::vector<set_figures>& sets,
                                                        const std::string& machine_name,
                                                        const exercises::library& library);

}  // namespace nxg::training
