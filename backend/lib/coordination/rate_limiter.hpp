#pragma once

#include "resilience/gcra.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <string_view>

namespace nxg::coordination {

using resilience::rate;
using resilience::rate_decision;

/// How often something may be done, per key (`member:<id>`, `login:<account>:<address>`, …), by GCRA: evenly over
/// time, with a burst. Thread-safe, bounded in memory: of too many keys, those near their full allowance are forgotten
/// first. An adapter that has lost its server limits per process.
class rate_limiter {
 public:
  rate_limiter() = default;
  rate_limiter(const rate_limiter&) = delete;
  rate_limiter& operator=(const rate_limiter&) = delete;
  virtual ~rate_limiter() = default;

  /// Takes `cost` where allowed. One key always comes with the same limit, or its allowance is that of the last.
  virtual task<rate_decision> take(std::string_view key, const rate& limit, std::uint64_t cost = 1) = 0;
  /// What `take` would answer, taking nothing: for limits that count failures only.
  virtual task<rate_decision> peek(std::string_view key, const rate& limit, std::uint64_t cost = 1) = 0;
  /// Gives the key its full allowance back.
  virtual task<void> reset(std::string_view key) = 0;
};

}  // namespace nxg::coordination
