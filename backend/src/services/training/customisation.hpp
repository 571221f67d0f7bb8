#pragma once

#include "models/plan_overlay.hpp"
#include "models/user.hpp"
#include "repositories/plan_overlays.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/planning.hpp"
#include "services/training/overlay.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace nxg::training {

/// The plan in force as its member follows it.
struct followed_plan {
  user member;
  workout_plan plan;
  /// Fitted to the plan; version 0 where nothing was ever changed.
  plan_overlay overlay;
  merged_plan merged;
  std::shared_ptr<const exercises::library> library;
  planning::restrictions limits;
};

/// What members change about their plans. The plan itself stays as it was made; the changes are laid over it on
/// reading, and go over to the next plan where they have a place there.
class customisation {
 public:
  struct parts {
    planning::planning& plans;
    repositories::plan_overlays& overlays;
    exercises::catalogue& exercises;
    planning::member_reader members;
    runtime::clock& time;
  };
  explicit customisation(parts with) : parts_{std::move(with)} {}

  /// Throws plan_not_found, not_found for a member who is none.
  task<followed_plan> followed(uuid member);

  /// Makes all the changes, or none: every fault of every change is told at once (invalid_request; plan_not_safe where
  /// exercises do not suit the member). Pointers begin with `/changes/0`. Throws plan_not_found, and
  /// precondition_failed when the overlay is not at `expected` or the plan was replaced meanwhile.
  task<followed_plan> change(uuid member, std::vector<overlay_change> wanted, std::optional<std::int64_t> expected);
  /// Takes one back; or all. Throws change_not_found, and as `change`.
  task<followed_plan> undo(uuid member, uuid change_id, std::optional<std::int64_t> expected);
  task<followed_plan> undo_all(uuid member, std::optional<std::int64_t> expected);

  /// What follows from a new plan: the changes go over to it. Any number of times.
  task<void> carry_over(uuid member);

 private:
  using edit = std::function<std::vector<overlay_change>(const followed_plan&)>;
  task<followed_plan> edited(uuid member, std::optional<std::int64_t> expected, edit how);

  parts parts_;
};

}  // namespace nxg::training
