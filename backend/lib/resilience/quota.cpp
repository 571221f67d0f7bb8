#include "resilience/quota.hpp"

#include <algorithm>

namespace nxg::resilience {

namespace {

/// What may come at once is taken off what is regained in a period: the service counts both.
rate whole(const rate& granted) {
  const std::uint64_t wanted = granted.burst == 0 ? granted.count / 4 : granted.burst;
  const std::uint64_t burst = std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(granted.count, 2) - 1);
  return {std::max<std::uint64_t>(granted.count, burst + 1) - burst, granted.period, burst};
}

/// The same number of calls over as many times the period: in the long run exact also where the quota is smaller than
/// the processes.
rate share_of(const quota_options& options) {
  const std::uint64_t processes = std::max<std::uint64_t>(options.processes, 1);
  const auto [count, period, burst] = whole(options.granted);
  return {count, period * static_cast<std::int64_t>(processes), std::max<std::uint64_t>(burst / processes, 1)};
}

std::uint64_t reserve_of(double share, std::uint64_t burst) {
  const double part = static_cast<double>(burst) * std::clamp(share, 0.0, 1.0);
  return std::min(static_cast<std::uint64_t>(part), burst - 1);
}

}  // namespace

quota_pace pace_of(const quota_options& options) {
  const rate share = share_of(options);
  return {share, reserve_of(options.reserved_for_interactive, share.burst)};
}

quota::quota(quota_options options) : unlimited_{options.granted.count == 0}, pace_{pace_of(options)} {}

rate_decision quota::take(steady_instant now, bool background) {
  if (unlimited_) return {};
  const std::lock_guard lock{mutex_};
  const gcra::time at = now.time_since_epoch();
  if (background) {
    const auto with_reserve = state_.peek(pace_.limit, at, 1 + pace_.reserve);
    if (!with_reserve.allowed) return with_reserve;
  }
  return state_.take(pace_.limit, at);
}

}  // namespace nxg::resilience
