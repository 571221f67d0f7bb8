#include "resilience/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::resilience {

std::optional<std::chrono::milliseconds> retry_policy::pause(unsigned failed, double jitter,
                                                             std::optional<std::chrono::milliseconds> retry_after,
                                                             std::chrono::nanoseconds remaining) const {
  if (failed == 0 || failed >= options_.max_attempts) return std::nullopt;
  const double longest =
      std::min(static_cast<double>(options_.max_delay.count()),
               std::ldexp(static_cast<double>(options_.base.count()), static_cast<int>(std::min(failed - 1, 60u))));
  const std::chrono::milliseconds drawn{static_cast<std::int64_t>(longest * jitter)};
  const auto pause = std::max(drawn, retry_after.value_or(std::chrono::milliseconds{0}));
  if (pause >= remaining) return std::nullopt;
  return pause;
}

void retry_budget::earn() {
  const std::lock_guard lock{mutex_};
  tokens_ = std::min(tokens_ + options_.per_call, options_.saved);
}

bool retry_budget::spend() {
  const std::lock_guard lock{mutex_};
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

double retry_budget::left() const {
  const std::lock_guard lock{mutex_};
  return tokens_;
}

}  // namespace nxg::resilience
