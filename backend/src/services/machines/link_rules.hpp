#pragma once

#include "repositories/machines.hpp"
#include "repositories/workouts.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <optional>

namespace nxg::links {

/// A link ends this long after its last sample.
inline constexpr std::chrono::minutes lives_for{10};
/// Samples push the end out, but it is written this often only.
inline constexpr std::chrono::minutes renewed_every{2};
/// Samples of an ended workout are waited for this long.
inline constexpr std::chrono::seconds closes_after{30};

/// Whose training the samples of a link belong to.
struct holder {
  uuid member_id;
  /// Whether they are shown live: not once the workout is final.
  bool show = true;
};

/// Looks in the store; nothing when that never was a link of this machine.
task<std::optional<holder>> holder_of(workout_repository& workouts, machine_repository& machines, uuid machine_id,
                                      uuid link_id);

}  // namespace nxg::links
