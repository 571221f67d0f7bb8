#pragma once

#include "models/exercise_log.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::repositories {

/// What a list of entries is narrowed down to.
struct log_filter {
  std::optional<uuid> exercise_id;
  std::optional<log_source> source;
  std::optional<schema::local_date> from;
  std::optional<schema::local_date> to;
};

/// Members' training diaries. Every change says so by an `exercise_log_changed`.
class exercise_logs {
 public:
  explicit exercise_logs(store::database& in) : logs_{in} {}

  /// Throws a duplicate of "id" (it was inserted before) or "once_per_workout".
  task<void> insert(exercise_log made);
  task<std::optional<exercise_log>> find(uuid member, uuid log);
  /// By date, then time; newest first.
  task<store::page<exercise_log>> list(uuid member, log_filter narrowed, std::size_t limit,
                                       std::optional<std::string> after);
  /// All of one exercise, in the order of time.
  task<std::vector<exercise_log>> of_exercise(uuid member, uuid exercise);
  /// The newest of one exercise, newest first, at most 1,000.
  task<std::vector<exercise_log>> newest(uuid member, uuid exercise, std::size_t limit);
  /// Of the days [from, to].
  task<std::vector<exercise_log>> between(uuid member, schema::local_date from, schema::local_date to);
  /// Of one machine workout.
  task<std::vector<exercise_log>> of_workout(uuid member, uuid workout);
  /// Of one exercise, completed in [from, to].
  task<std::vector<exercise_log>> of_exercise_between(uuid member, uuid exercise, instant from, instant to);

  /// Writes it as it was read and changed. Throws version_conflict when it changed meanwhile.
  task<void> save(exercise_log changed);
  /// Throws not_found, version_conflict.
  task<void> remove(exercise_log read);

 private:
  store::collection<exercise_log> logs_;
};

}  // namespace nxg::repositories
