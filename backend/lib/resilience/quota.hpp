#pragma once

#include "resilience/gcra.hpp"
#include "runtime/clock.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>

namespace nxg::resilience {

struct quota_options {
  /// What the service grants us in all. A count of 0 means: no quota.
  rate granted{0, std::chrono::minutes{1}, 0};
  /// How many processes share it; this one takes an even part, at least one call.
  std::uint64_t processes = 1;
  /// This share of the burst is kept for interactive calls.
  double reserved_for_interactive = 0.2;
};

/// How much of an outside service's allowance this process may use, so that we stop before the service stops us.
/// Thread-safe.
class quota {
 public:
  explicit quota(quota_options options = {});

  /// `background` calls (jobs) leave the reserved part alone.
  rate_decision take(steady_instant now, bool background = false);

 private:
  bool unlimited_;
  rate share_;
  std::uint64_t reserve_;
  std::mutex mutex_;
  gcra state_;
};

}  // namespace nxg::resilience
