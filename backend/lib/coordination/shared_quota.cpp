#include "coordination/shared_quota.hpp"

#include <utility>

namespace nxg::coordination {

namespace {

task<rate_decision> take(rate_limiter& limiter, std::string key, resilience::quota_pace pace, bool background) {
  if (background) {
    const auto with_reserve = co_await limiter.peek(key, pace.limit, 1 + pace.reserve);
    if (!with_reserve.allowed) co_return with_reserve;
  }
  const auto taken = co_await limiter.take(key, pace.limit);
  co_return taken;
}

}  // namespace

resilience::allowance shared_quota(rate_limiter& limiter, const std::string& service,
                                   resilience::quota_options options) {
  if (options.granted.count == 0) return {};
  options.processes = 1;
  return [&limiter, key = "quota:" + service, pace = pace_of(options)](bool background) {
    return take(limiter, key, pace, background);
  };
}

}  // namespace nxg::coordination
