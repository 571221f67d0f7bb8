#pragma once

#include "coordination/bounded_keys.hpp"
#include "coordination/rate_limiter.hpp"
#include "coordination/redis/server.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

namespace nxg::coordination::redis {

/// The allowance of a key is in Redis; a process that asks often leases a slice of it, at most a tenth of what is left,
/// and answers from that without asking. What it leased and does not use is lost to the key until it grows back.
///
/// Without Redis each process goes on alone from what it knew last; what it let pass then is told to Redis at the next
/// occasion, so that neither an outage nor an empty server sets anybody free.
class redis_rate_limiter final : public rate_limiter {
 public:
  redis_rate_limiter(server& with, runtime::clock& clock, const redis_options& options);

  task<rate_decision> take(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<rate_decision> peek(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<void> reset(std::string_view key) override;

  [[nodiscard]] std::uint64_t taken_locally() const noexcept { return taken_locally_; }

 private:
  using time = resilience::gcra::time;
  /// What this process knows of a key. `taken` is that of Redis, in the time of this process.
  struct slot : resilience::gcra {
    std::uint64_t leased = 0;
    time lease_ends{0};
    /// The next slice to ask for: more when the last was used up, less when it was not.
    std::uint64_t appetite = 0;
    /// Somebody is asking for one until then.
    time asking{0};
    /// Of the connection by which Redis knows what this process knows; 0: it does not.
    std::uint64_t epoch = 0;

    /// Also says something while it holds a slice, or remembers how big the next one should be.
    [[nodiscard]] bool idle(time now) const { return gcra::idle(now) && lease_ends <= now; }
  };
  struct shard {
    std::mutex mutex;
    bounded_keys<slot> keys;
  };
  static constexpr std::size_t shard_count = 16;

  shard& shard_of(std::string_view key) { return shards_[key_hash{}(key) % shard_count]; }
  [[nodiscard]] time now() const { return time_.steady().time_since_epoch(); }
  /// Nothing when Redis must be asked.
  std::optional<rate_decision> take_leased(slot& from, const rate& limit, std::uint64_t cost, time moment);
  /// The slice to ask for on that occasion.
  std::uint64_t next_slice(slot& of, const rate& limit, time moment);
  rate_decision take_alone(std::string_view key, const rate& limit, std::uint64_t cost);
  rate_decision learn(slot& to, const rate& limit, std::uint64_t cost, const reply& from, time asked);

  server& with_;
  runtime::clock& time_;
  const std::size_t max_keys_;
  const script take_;
  std::array<shard, shard_count> shards_;
  std::atomic<std::uint64_t> taken_locally_{0};
};

}  // namespace nxg::coordination::redis
