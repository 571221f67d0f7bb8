#pragma once

#include "models/plan_overlay.hpp"
#include "models/workout_plan.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/contraindications.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nxg::training {

/// An exercise of a plan with what the member changed about it.
struct merged_exercise : plan_exercise {
  /// Left out by the member, or because the member must not do it any more (`contraindicated`).
  bool skipped = false;
  bool contraindicated = false;
  std::vector<overlay_op> changed_by;
  /// The exercise it was swapped for.
  std::optional<std::string> instead_of;
};

struct merged_category {
  plan_section category_type = plan_section::core;
  std::int32_t category_order = 1;
  std::vector<merged_exercise> exercises;
};

struct merged_day {
  std::int32_t day_order = 1;
  std::string day_name;
  bool is_rest_day = false;
  bool skipped = false;
  std::string muscle_group;
  std::vector<nxg::muscle_group> muscle_groups;
  std::int32_t estimated_minutes = 0;
  std::string notes;
  std::vector<merged_category> categories;
};

/// What keeps a change from being applied: the field that is wrong (of the change, as on the wire), a code, a sentence.
struct change_fault {
  std::string field;
  std::string code;
  std::string message;
};

/// What a change is held against.
struct overlay_rules {
  const exercises::library& library;
  const planning::restrictions& limits;
};

struct merged_plan {
  std::vector<merged_day> days;
  /// Changes that have no place, with the first reason.
  std::vector<dropped_change> without_place;
};

/// A plan as its member follows it: each change applied to the result of those before it; what has no place changes
/// nothing. Exercises the member must not do (any more) are marked and left out.
[[nodiscard]] merged_plan merge(const plan_content& plan, std::span<const overlay_change> changes,
                                const overlay_rules& by);

/// Applies one change; everything that is wrong with it, and then nothing is changed.
[[nodiscard]] std::vector<change_fault> apply(std::vector<merged_day>& days, const overlay_change& change,
                                              const overlay_rules& by);

/// Exercises a change names by any name they have on its day, named by their keys; and their names noted.
void name_exercises(overlay_change& change, std::vector<merged_day>& days, const exercises::library& library);

/// The changes with one more: of the same kind for the same target, the newer one counts (adjustments add up).
[[nodiscard]] std::vector<overlay_change> with_change(std::vector<overlay_change> changes, overlay_change added);

struct carried_changes {
  std::vector<overlay_change> kept;
  std::vector<dropped_change> dropped;
};
/// What of the changes has a place in another plan: on the same day, else on the first day that has the exercise.
[[nodiscard]] carried_changes carry(std::span<const overlay_change> changes, const plan_content& to,
                                    const overlay_rules& by);

/// The overlay for this plan: as it is where it is this plan's, else carried over to it (and noted as such).
[[nodiscard]] plan_overlay fitted_to(plan_overlay overlay, const workout_plan& plan, const overlay_rules& by);

}  // namespace nxg::training
