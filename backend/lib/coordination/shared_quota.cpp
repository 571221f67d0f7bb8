#include "coordination/shared_quota.hpp"

#include <memory>
#include <utility>

namespace nxg::coordination {

namespace {

resilience::quota_options of_all(resilience::quota_options options) {
  options.processes = 1;
  return options;
}

struct counted {
  counted(coordinator& shared, runtime::clock& clock, const std::string& service,
          const resilience::quota_options& options)
      : by{shared}, time{clock}, key{"quota:" + service}, pace{pace_of(of_all(options))}, own_part{options} {}

  coordinator& by;
  runtime::clock& time;
  std::string key;
  resilience::quota_pace pace;
  resilience::quota own_part;
};

task<rate_decision> take(std::shared_ptr<counted> from, bool background) {
  if (from->by.degraded()) {
    const auto own = from->own_part.take(from->time.steady(), background);
    if (!own.allowed) co_return own;
  }
  auto& limiter = from->by.rate_limiter();
  if (background) {
    const auto with_reserve = co_await limiter.peek(from->key, from->pace.limit, 1 + from->pace.reserve);
    if (!with_reserve.allowed) co_return with_reserve;
  }
  const auto taken = co_await limiter.take(from->key, from->pace.limit);
  co_return taken;
}

}  // namespace

resilience::allowance shared_quota(coordinator& by, runtime::clock& time, const std::string& service,
                                   resilience::quota_options options) {
  if (options.granted.count == 0) return {};
  const auto from = std::make_shared<counted>(by, time, service, options);
  return [from](bool background) { return take(from, background); };
}

}  // namespace nxg::coordination
