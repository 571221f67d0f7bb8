#pragma once

#include "coordination/in_process.hpp"
#include "coordination/rate_limiter.hpp"
#include "runtime/clock.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace nxg::coordination {

class in_process_rate_limiter final : public rate_limiter {
 public:
  in_process_rate_limiter(runtime::clock& time, const in_process_options& options);

  task<rate_decision> take(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<rate_decision> peek(std::string_view key, const rate& limit, std::uint64_t cost) override;
  task<void> reset(std::string_view key) override;

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  /// A part of the keys under a lock of its own, so that cores seldom wait for each other.
  class shard {
   public:
    rate_decision take(std::string_view key, const rate& limit, std::uint64_t cost, resilience::gcra::time now,
                       std::size_t max_keys);
    rate_decision peek(std::string_view key, const rate& limit, std::uint64_t cost, resilience::gcra::time now);
    void reset(std::string_view key);

   private:
    struct slot {
      resilience::gcra state;
      std::size_t place = 0;
    };
    using entry = std::pair<const std::string, slot>;
    resilience::gcra& state_of(std::string_view key, resilience::gcra::time now, std::size_t max_keys);
    void make_room(resilience::gcra::time now, std::size_t max_keys);
    void erase(entry& gone);

    std::mutex mutex_;
    std::unordered_map<std::string, slot, hash, std::equal_to<>> keys_;
    /// All entries of `keys_`, so that some can be looked at in turn.
    std::vector<entry*> order_;
    std::size_t cursor_ = 0;
  };

  static constexpr std::size_t shard_count = 16;
  shard& shard_of(std::string_view key) { return shards_[hash{}(key) % shard_count]; }
  [[nodiscard]] resilience::gcra::time now() const { return time_.steady().time_since_epoch(); }

  runtime::clock& time_;
  const std::size_t max_keys_;
  std::array<shard, shard_count> shards_;
};

}  // namespace nxg::coordination
