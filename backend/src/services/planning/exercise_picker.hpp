#pragma once

#include "models/exercise.hpp"
#include "models/training_need.hpp"
#include "models/workout_plan.hpp"
#include "services/planning/contraindications.hpp"
#include "services/planning/splits.hpp"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace nxg::planning {

/// Chooses exercises of the library for one member: only what level, conditions and wishes allow, well-known ones
/// first, each as rarely as the library permits. The order of calls and nothing else decides between equals.
class exercise_picker {
 public:
  exercise_picker(const training_need& need, const restrictions& limits, std::span<const exercise> library);

  /// The best exercise for the place that this day does not have yet; null when there is none.
  const exercise* for_slot(const slot& wanted);
  /// Any strength exercise this day does not have yet: to fill a day that lost its own to restrictions.
  const exercise* any_strength();
  const exercise* cardio();
  /// A stretch for one of these muscles (null when none is left).
  const exercise* stretch(std::span<const muscle> muscles);

  void begin_day() { today_.clear(); }
  /// Counts an exercise as one this day has already.
  void note(const exercise& used) {
    today_.insert(&used);
    week_.insert(&used);
  }
  /// Whether the member may and wants to do it at all.
  [[nodiscard]] bool suits(const exercise& candidate) const;
  /// For one the library does not have, of which only its name and how hard it is said to be are known.
  [[nodiscard]] bool suits(const plan_exercise& unknown) const;

 private:
  template <class Suits>
  const exercise* best(Suits suits, const slot* wanted);
  [[nodiscard]] int score(const exercise& candidate, const slot* wanted) const;

  /// Made when first asked for: most plans from outside need no other exercise.
  const std::vector<const exercise*>& candidates();

  const training_need& need_;
  const restrictions& limits_;
  std::span<const exercise> library_;
  std::vector<const exercise*> candidates_;
  std::set<const exercise*> today_;
  std::set<const exercise*> week_;
};

/// True for the exercises every gym floor knows, by their free-exercise-db id.
[[nodiscard]] bool is_staple(std::string_view external_id);

}  // namespace nxg::planning
