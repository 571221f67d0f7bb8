#pragma once

#include <chrono>
#include <cstdint>

namespace nxg::resilience {

/// `count` per `period`, of which `burst` may come at once. 0 burst means `count`.
struct rate {
  std::uint64_t count = 1;
  std::chrono::milliseconds period{1'000};
  std::uint64_t burst = 0;

  friend bool operator==(const rate&, const rate&) = default;
};

/// The answer of a rate limit, as `RateLimit` headers and `Retry-After` need it.
struct rate_decision {
  bool allowed = true;
  /// The burst.
  std::uint64_t limit = 0;
  /// What could still be taken at once, after this.
  std::uint64_t remaining = 0;
  /// Until everything is available again.
  std::chrono::milliseconds reset_after{0};
  /// Until this request would be allowed; zero when it is. `milliseconds::max()` when its cost exceeds the burst.
  std::chrono::milliseconds retry_after{0};
};

/// The generic cell rate algorithm (ITU-T I.371): the whole state of a limit is one point in time, from which on
/// everything is available. Pure.
struct gcra {
  using time = std::chrono::nanoseconds;

  /// Any origin; `taken` and `now` must share it. A state in the past equals no state.
  time taken{0};

  /// Takes `cost` when allowed, else nothing.
  rate_decision take(const rate& limit, time now, std::uint64_t cost = 1);
  /// What `take` would answer.
  [[nodiscard]] rate_decision peek(const rate& limit, time now, std::uint64_t cost = 1) const;
  /// True when the state says nothing any more.
  [[nodiscard]] bool idle(time now) const { return taken <= now; }
};

}  // namespace nxg::resilience
