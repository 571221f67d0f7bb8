#pragma once

#include "models/plan_overlay.hpp"
#include "models/workout_plan.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/training/overlay.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// A day of a plan as its member follows it, changes and all: what every view of a plan shows.
namespace nxg::routes {

struct followed_exercise : plan_exercise {
  bool skipped = false;
  /// It does not suit the member's health conditions (any more), and is left out.
  bool contraindicated = false;
  /// What the member changed about it.
  std::vector<overlay_op> changed_by;
  /// The exercise it was swapped for.
  std::optional<std::string> instead_of;
  /// Whether it was logged today; told where a view is about today.
  std::optional<bool> done;
  std::optional<planning::machine_availability> machine_availability;
};
BOOST_DESCRIBE_STRUCT(followed_exercise, (plan_exercise),
                      (skipped, contraindicated, changed_by, instead_of, done, machine_availability))

struct followed_category {
  plan_section category_type = plan_section::core;
  std::int32_t category_order = 1;
  std::vector<followed_exercise> exercises;
};
BOOST_DESCRIBE_STRUCT(followed_category, (), (category_type, category_order, exercises))

struct followed_day {
  std::int32_t day_order = 1;
  std::string day_name;
  bool is_rest_day = false;
  bool skipped = false;
  std::string muscle_group;
  std::vector<nxg::muscle_group> muscle_groups;
  std::int32_t estimated_minutes = 0;
  std::string notes;
  std::vector<followed_category> categories;
};
BOOST_DESCRIBE_STRUCT(followed_day, (),
                      (day_order, day_name, is_rest_day, skipped, muscle_group, muscle_groups, estimated_minutes, notes,
                       categories))

/// `logged`: keys of what was logged today, where the view tells.
[[nodiscard]] followed_day view_of(const training::merged_day& day,
                                   const std::vector<planning::floor_machine>& machines,
                                   const std::set<std::string>* logged = nullptr);
[[nodiscard]] followed_exercise view_of(const training::merged_exercise& entry);

/// The machines of a branch; nothing where no branch is meant or the store does not answer: a plan is worth having
/// without knowing which machine is free.
[[nodiscard]] task<std::optional<std::vector<planning::floor_machine>>> machines_of(planning::floor_machines floor,
                                                                                    std::optional<uuid> branch);

}  // namespace nxg::routes
