#include "resilience/asked_pause.hpp"

#include <algorithm>

namespace nxg::resilience {

void asked_pause::ask(std::chrono::milliseconds pause, steady_instant now) {
  const std::lock_guard lock{mutex_};
  until_ = std::max(until_, now + std::min(pause, longest_));
}

std::chrono::milliseconds asked_pause::left(steady_instant now) const {
  const std::lock_guard lock{mutex_};
  if (until_ <= now) return std::chrono::milliseconds{0};
  return std::chrono::ceil<std::chrono::milliseconds>(until_ - now);
}

}  // namespace nxg::resilience
