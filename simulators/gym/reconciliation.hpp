#pragma once

#include "gym/member.hpp"

#include <string>
#include <vector>

namespace nxg::gym {

/// The books compared: what was made against what the backend keeps and tells.
struct verdict {
  std::uint64_t samples_made = 0;
  std::uint64_t samples_acknowledged = 0;
  std::uint64_t samples_refused = 0;
  std::uint64_t samples_stored = 0;
  std::uint64_t samples_live = 0;
  std::uint64_t workouts = 0;
  std::uint64_t workouts_final = 0;
  /// While they lasted nobody lost a connection and no request went wrong: all of them must have come live.
  std::uint64_t workouts_undisturbed = 0;
  std::uint64_t summaries_live = 0;
  std::uint64_t points_entries = 0;
  std::uint64_t events_told = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t requests_repeated = 0;
  double delivery_p50_ms = 0;
  double delivery_p99_ms = 0;
  /// What does not fit, in words; empty: exact.
  std::vector<std::string> problems;

  [[nodiscard]] bool exact() const { return problems.empty(); }
};

/// Reads every workout as its member's phone would, waits until it is final, and compares: every sample made was
/// acknowledged and is stored exactly once, nothing else is stored, nothing a device received differs, every workout
/// ends complete, totals and consequences equal a recomputation (see `check_consequences`). What was undisturbed must
/// have come live, all of it and once. A run in which nothing was made is not exact.
task<verdict> reconcile(surroundings& around, const std::vector<std::shared_ptr<member>>& members);

}  // namespace nxg::gym
