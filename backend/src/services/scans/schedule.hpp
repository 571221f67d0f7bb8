#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <cstdint>

namespace nxg::scanning {

/// From when a scan came, or its job began, to when it is given up.
inline constexpr std::chrono::hours give_up_after{2};

/// The pause before the next look at a job that was looked at `polls` times, and before the next try of an order that
/// was tried so often: 30 s, 1, 2, 5 minutes, then every 10.
[[nodiscard]] constexpr std::chrono::seconds pause_after(std::int32_t polls) noexcept {
  using namespace std::chrono_literals;
  switch (polls) {
    case 0: return 30s;
    case 1: return 1min;
    case 2: return 2min;
    case 3: return 5min;
    default: return 10min;
  }
}

}  // namespace nxg::scanning
