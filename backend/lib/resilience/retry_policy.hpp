#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <mutex>
#include <optional>

namespace nxg::resilience {

struct retry_options {
  /// Tries in all, the first included.
  unsigned max_attempts = 3;
  std::chrono::milliseconds base{200};
  std::chrono::milliseconds max_delay{5'000};
};

/// When to try again: full jitter, evenly in [0, min(max_delay, base * 2^(failed - 1))], but never before the service's
/// own `Retry-After`. Pure.
class retry_policy {
 public:
  explicit retry_policy(retry_options options = {}) : options_{options} {}

  /// The pause after `failed` attempts (>= 1). `jitter` in [0, 1). Nothing when the attempts are used up or the pause
  /// would not leave any of `remaining`, the time until the deadline.
  [[nodiscard]] std::optional<std::chrono::milliseconds> pause(unsigned failed, double jitter,
                                                               std::optional<std::chrono::milliseconds> retry_after,
                                                               std::chrono::nanoseconds remaining) const;

 private:
  retry_options options_;
};

struct retry_budget_options {
  /// Each call earns this share of a retry, …
  double per_call = 0.2;
  /// … up to so many saved, which a new budget starts with.
  double saved = 10;
};

/// Keeps retries a bounded share of all calls, so that a service in trouble does not get three times the load.
/// Thread-safe.
class retry_budget {
 public:
  explicit retry_budget(retry_budget_options options = {}) : options_{options}, tokens_{options.saved} {}

  /// Once per call, not per attempt.
  void earn();
  /// False when there is no retry left to spend.
  bool spend();
  [[nodiscard]] double left() const;

 private:
  const retry_budget_options options_;
  mutable std::mutex mutex_;
  double tokens_;
};

}  // namespace nxg::resilience
