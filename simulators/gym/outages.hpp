#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <random>

namespace nxg::gym {

/// When the network of a machine or a phone goes away, and when it is back.
class outages {
 public:
  /// `chance`: of one in any second that it is connected.
  explicit outages(double chance) : chance_{chance} {}

  /// Asked once a second. True: it goes away now, for one to five seconds.
  bool begins(steady_instant now, std::mt19937_64& random) {
    if (std::uniform_real_distribution{0.0, 1.0}(random) >= chance_) return false;
    ends_ = now + std::chrono::milliseconds{1'000 + random() % 4'000};
    return true;
  }
  [[nodiscard]] bool over(steady_instant now) const { return now >= ends_; }

 private:
  double chance_;
  steady_instant ends_{};
};

}  // namespace nxg::gym
