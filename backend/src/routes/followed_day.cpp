#include "routes/followed_day.hpp"

#include "store/errors.hpp"

#include <utility>

namespace nxg::routes {

followed_exercise view_of(const training::merged_exercise& entry) {
  followed_exercise view;
  static_cast<plan_exercise&>(view) = entry;
  view.skipped = entry.skipped;
  view.contraindicated = entry.contraindicated;
  view.changed_by = entry.changed_by;
  view.instead_of = entry.instead_of;
  return view;
}

followed_day view_of(const training::merged_day& day, const std::vector<planning::floor_machine>& machines,
                     const std::set<std::string>* logged) {
  followed_day view{day.day_order,     day.day_name,          day.is_rest_day, day.skipped, day.muscle_group,
                    day.muscle_groups, day.estimated_minutes, day.notes,       {}};
  for (const auto& section : day.categories) {
    followed_category category{section.category_type, section.category_order, {}};
    for (const auto& entry : section.exercises) {
      auto exercise = view_of(entry);
      exercise.machine_availability = planning::machine_for(entry, machines);
      if (logged != nullptr) exercise.done = logged->contains(exercise_key(entry));
      category.exercises.push_back(std::move(exercise));
    }
    view.categories.push_back(std::move(category));
  }
  return view;
}

task<std::optional<std::vector<planning::floor_machine>>> machines_of(planning::floor_machines floor,
                                                                      std::optional<uuid> branch) {
  std::optional<std::vector<planning::floor_machine>> machines;
  if (!floor || !branch) co_return machines;
  try {
    machines = co_await floor(*branch);
  } catch (const store::error&) {
  }
  co_return machines;
}

}  // namespace nxg::routes
