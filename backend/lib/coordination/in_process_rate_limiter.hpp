#pragma once

#include "coordination/bounded_keys.hpp"
#include "coordination/in_process.hpp"
#include "coordination/rate_limiter.hpp"
#include "runtime/clock.hpp"

#include <array>
#include <mutex>

namespace nxg::coordination {

class in_process_rate_limiter final : public rate_limiter {
 public:
  in_process_rate_limiter(runtime::clock& time, const in_process_options& options);

  task<rate_decision> take(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<rate_decision> peek(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<void> reset(std::string_view key) override;

 private:
  /// A part of the keys under a lock of its own, so that cores seldom wait for each other.
  struct shard {
    std::mutex mutex;
    bounded_keys<resilience::gcra> keys;
  };

  static constexpr std::size_t shard_count = 16;
  shard& shard_of(std::string_view key) { return shards_[key_hash{}(key) % shard_count]; }
  [[nodiscard]] resilience::gcra::time now() const { return time_.steady().time_since_epoch(); }

  runtime::clock& time_;
  const std::size_t max_keys_;
  std::array<shard, shard_count> shards_;
};

}  // namespace nxg::coordination
