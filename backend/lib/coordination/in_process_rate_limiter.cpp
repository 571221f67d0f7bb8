#include "coordination/in_process_rate_limiter.hpp"

#include <algorithm>

namespace nxg::coordination {

in_process_rate_limiter::in_process_rate_limiter(runtime::clock& time, const in_process_options& options)
    : time_{time}, max_keys_{std::max<std::size_t>(options.max_limited_keys / shard_count, 1)} {}

task<rate_decision> in_process_rate_limiter::take(std::string_view key, const rate& limit, std::uint64_t cost) {
  auto& part = shard_of(key);
  const auto moment = now();
  const std::lock_guard lock{part.mutex};
  co_return part.keys.at(key, moment, max_keys_).take(limit, moment, cost);
}

task<rate_decision> in_process_rate_limiter::peek(std::string_view key, const rate& limit, std::uint64_t cost) {
  auto& part = shard_of(key);
  const std::lock_guard lock{part.mutex};
  const auto* known = part.keys.find(key);
  co_return (known == nullptr ? resilience::gcra{} : *known).peek(limit, now(), cost);
}

task<void> in_process_rate_limiter::reset(std::string_view key) {
  auto& part = shard_of(key);
  const std::lock_guard lock{part.mutex};
  part.keys.erase(key);
  co_return;
}

}  // namespace nxg::coordination
