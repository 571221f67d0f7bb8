#pragma once

#include "models/workout.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

class workout_repository {
 public:
  explicit workout_repository(store::database& in) : workouts_{in} {}

  /// False when there is one of that id already.
  task<bool> insert(workout made);
  task<std::optional<workout>> find(uuid id) { return workouts_.find(id); }
  /// Newest first.
  task<store::page<workout>> history(uuid member, std::size_t limit, std::optional<std::string> after);
  task<std::vector<workout>> final_of_member_day(uuid member, schema::local_date date);
  task<std::vector<workout>> final_of_machine_day(uuid machine, schema::local_date date);
  /// The newest 50 workouts of a machine that began at `until` or before.
  task<std::vector<workout>> of_machine(uuid machine, instant until);
  /// All workouts of a machine in which a sample between those times can be, newest first.
  task<std::vector<workout>> of_machine_between(uuid machine, instant from, instant until);
  /// Those of at most 1,000 ids that are closing or final.
  task<std::vector<workout>> ended_among(std::vector<uuid> ids);
  /// Makes who has read a closing workout read it again. False when it is not closing any more.
  task<bool> disturb(uuid id);

  /// live -> closing. False when it was not live.
  task<bool> end(uuid id, uuid member, link_end reason, instant at, instant due_at);
  /// Closing workouts whose last samples must be in the journal by `now`.
  task<std::vector<workout>> due(instant now);
  /// Writes figures and state, with the event that sets the consequences. Throws version_conflict when it changed since
  /// it was read.
  task<void> summarize(workout read, workout_figures figures, heart_rate_figures heart_rate, instant now);

 private:
  task<std::vector<workout>> all(store::filter<workout> where);

  store::collection<workout> workouts_;
};

}  // namespace nxg
