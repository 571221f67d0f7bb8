#include "resilience/quota.hpp"

#include <algorithm>

namespace nxg::resilience {

namespace {

/// The same number of calls over as many times the period: exact also where the quota is smaller than the processes.
rate share_of(const quota_options& options) {
  const std::uint64_t processes = std::max<std::uint64_t>(options.processes, 1);
  const std::uint64_t burst = options.granted.burst == 0 ? options.granted.count : options.granted.burst;
  return {options.granted.count, options.granted.period * static_cast<std::int64_t>(processes),
          std::max<std::uint64_t>(burst / processes, 1)};
}

std::uint64_t reserve_of(const quota_options& options, std::uint64_t burst) {
  const double part = static_cast<double>(burst) * std::clamp(options.reserved_for_interactive, 0.0, 1.0);
  return std::min(static_cast<std::uint64_t>(part), burst - 1);
}

}  // namespace

quota::quota(quota_options options)
    : unlimited_{options.granted.count == 0}, share_{share_of(options)}, reserve_{reserve_of(options, share_.burst)} {}

rate_decision quota::take(steady_instant now, bool background) {
  if (unlimited_) return {};
  const std::lock_guard lock{mutex_};
  const gcra::time at = now.time_since_epoch();
  if (background) {
    if (const auto with_reserve = state_.peek(share_, at, 1 + reserve_); !with_reserve.allowed) return with_reserve;
  }
  return state_.take(share_, at);
}

}  // namespace nxg::resilience
