#pragma once

#include "resilience/gcra.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace nxg::resilience {

struct quota_options {
  /// What the service grants us in all: never more than `count` calls are made in any one `period`, unless there are
  /// more processes than may call at once. A count of 0 means: no quota; a burst of 0 means a quarter of the count.
  rate granted{0, std::chrono::minutes{1}, 0};
  /// How many processes share it; this one takes an even part, at least one call.
  std::uint64_t processes = 1;
  /// This share of the burst is kept for interactive calls.
  double reserved_for_interactive = 0.2;
};

/// At what pace a process makes its part of the calls, and how many of those at once it leaves to interactive ones.
struct quota_pace {
  rate limit;
  std::uint64_t reserve = 0;
};
[[nodiscard]] quota_pace pace_of(const quota_options& options);

/// Asked before each attempt where someone else counts, for several processes.
using allowance = std::function<task<rate_decision>(bool background)>;

/// How much of an outside service's allowance this process may use, so that we stop before the service stops us.
/// Thread-safe.
class quota {
 public:
  explicit quota(quota_options options = {});

  /// `background` calls (jobs) leave the reserved part alone.
  rate_decision take(steady_instant now, bool background = false);

 private:
  bool unlimited_;
  quota_pace pace_;
  std::mutex mutex_;
  gcra state_;
};

}  // namespace nxg::resilience
