#include "coordination/in_process_rate_limiter.hpp"

#include <algorithm>

namespace nxg::coordination {

namespace {
/// Entries looked at when a new key comes: more than one, so that idle ones go faster than new ones come.
constexpr std::size_t looked_at = 8;
}  // namespace

in_process_rate_limiter::in_process_rate_limiter(runtime::clock& time, const in_process_options& options)
    : time_{time}, max_keys_{std::max<std::size_t>(options.max_limited_keys / shard_count, 1)} {}

task<rate_decision> in_process_rate_limiter::take(std::string_view key, const rate& limit, std::uint64_t cost) {
  co_return shard_of(key).take(key, limit, cost, now(), max_keys_);
}

task<rate_decision> in_process_rate_limiter::peek(std::string_view key, const rate& limit, std::uint64_t cost) {
  co_return shard_of(key).peek(key, limit, cost, now());
}

task<void> in_process_rate_limiter::reset(std::string_view key) {
  shard_of(key).reset(key);
  co_return;
}

rate_decision in_process_rate_limiter::shard::take(std::string_view key, const rate& limit, std::uint64_t cost,
                                                   resilience::gcra::time now, std::size_t max_keys) {
  const std::lock_guard lock{mutex_};
  return state_of(key, now, max_keys).take(limit, now, cost);
}

rate_decision in_process_rate_limiter::shard::peek(std::string_view key, const rate& limit, std::uint64_t cost,
                                                   resilience::gcra::time now) {
  const std::lock_guard lock{mutex_};
  const auto known = keys_.find(key);
  return (known == keys_.end() ? resilience::gcra{} : known->second.state).peek(limit, now, cost);
}

void in_process_rate_limiter::shard::reset(std::string_view key) {
  const std::lock_guard lock{mutex_};
  if (const auto known = keys_.find(key); known != keys_.end()) erase(*known);
}

resilience::gcra& in_process_rate_limiter::shard::state_of(std::string_view key, resilience::gcra::time now,
                                                           std::size_t max_keys) {
  if (const auto known = keys_.find(key); known != keys_.end()) return known->second.state;
  make_room(now, max_keys);
  auto& made = *keys_.emplace(std::string{key}, slot{{}, order_.size()}).first;
  order_.push_back(&made);
  return made.second.state;
}

/// Forgets the idle ones of a few entries; where there is still no room, the one of them nearest to idle.
void in_process_rate_limiter::shard::make_room(resilience::gcra::time now, std::size_t max_keys) {
  for (std::size_t i = 0; i < looked_at && !order_.empty(); ++i) {
    cursor_ = (cursor_ + 1) % order_.size();
    if (order_[cursor_]->second.state.idle(now)) erase(*order_[cursor_]);
  }
  while (order_.size() >= max_keys) {
    entry* nearest = order_[cursor_ % order_.size()];
    for (std::size_t i = 1; i < std::min(looked_at, order_.size()); ++i) {
      entry* one = order_[(cursor_ + i) % order_.size()];
      if (one->second.state.taken < nearest->second.state.taken) nearest = one;
    }
    erase(*nearest);
  }
}

void in_process_rate_limiter::shard::erase(entry& gone) {
  order_[gone.second.place] = order_.back();
  order_[gone.second.place]->second.place = gone.second.place;
  order_.pop_back();
  keys_.erase(keys_.find(gone.first));
}

}  // namespace nxg::coordination
