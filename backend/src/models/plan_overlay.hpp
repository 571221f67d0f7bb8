#pragma once

#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// `swap`: another exercise in its place. `reorder`: the order of a section. `adjust`: sets, repetitions, time, rest or
/// weight. `skip`: an exercise, or a whole day, is left out.
enum class overlay_op : std::uint8_t { swap, reorder, adjust, skip };
BOOST_DESCRIBE_ENUM(overlay_op, swap, reorder, adjust, skip)

/// One thing a member changed about the plan. It names exercises as the member saw them: after the changes before it.
struct overlay_change {
  uuid id;
  overlay_op op = overlay_op::skip;
  /// 1 is Monday.
  std::int32_t day_order = 1;
  /// The exercise meant: its key (see `exercise_key`). Empty: the whole day, or for `reorder` nothing.
  std::string exercise;
  /// As it was called; for people.
  std::string exercise_name;
  /// Of `swap`.
  std::optional<uuid> with_exercise_id;
  std::string with_exercise_name;
  /// Of `reorder`: keys of exercises of one section, first to last; those not named come after them.
  std::vector<std::string> order;
  /// Of `adjust`.
  std::optional<std::int32_t> sets;
  std::optional<std::int32_t> reps_min;
  std::optional<std::int32_t> reps_max;
  std::optional<std::int32_t> duration_seconds;
  std::optional<std::int32_t> rest_seconds;
  std::optional<double> weight_kg;
  instant at{};
  /// Who made it.
  uuid by;

  friend bool operator==(const overlay_change&, const overlay_change&) = default;
};
BOOST_DESCRIBE_STRUCT(overlay_change, (),
                      (id, op, day_order, exercise, exercise_name, with_exercise_id, with_exercise_name, order, sets,
                       reps_min, reps_max, duration_seconds, rest_seconds, weight_kg, at, by))

/// A change the present plan has no place for.
struct dropped_change {
  overlay_change change;
  /// not_in_plan | contraindicated | unknown_exercise | already_in_day | nothing_to_adjust | nothing_to_reorder
  std::string reason;

  friend bool operator==(const dropped_change&, const dropped_change&) = default;
};
BOOST_DESCRIBE_STRUCT(dropped_change, (), (change, reason))

/// The changes that were in force with an earlier plan.
struct past_overlay {
  uuid plan_id;
  std::vector<overlay_change> changes;
};
BOOST_DESCRIBE_STRUCT(past_overlay, (), (plan_id, changes))

/// What a member changed about the plan in force: laid over it wherever it is shown. The plan itself never changes. Id:
/// the member's.
struct plan_overlay {
  uuid id;
  std::int64_t version = 0;
  uuid plan_id;
  /// In the order they were made and are applied; at most `most_changes`.
  std::vector<overlay_change> changes;
  /// What was not carried over from the plan before.
  std::vector<dropped_change> dropped;
  /// The last `kept_past`, oldest first.
  std::vector<past_overlay> past;
  instant updated_at{};

  static constexpr std::size_t most_changes = 100;
  static constexpr std::size_t kept_past = 8;
};
BOOST_DESCRIBE_STRUCT(plan_overlay, (), (id, version, plan_id, changes, dropped, past, updated_at))
store::declaration<plan_overlay> declare(store::tag<plan_overlay>);

/// What an exercise of a plan is known by: its id in our library, else its name in plain words.
[[nodiscard]] std::string exercise_key(const plan_exercise& entry);

}  // namespace nxg
