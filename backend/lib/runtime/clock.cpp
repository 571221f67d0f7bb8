#include "runtime/clock.hpp"

namespace nxg::runtime {

namespace {
std::chrono::milliseconds offset_of(const std::atomic<std::int64_t>& offset) {
  return std::chrono::milliseconds{offset.load(std::memory_order_relaxed)};
}
}  // namespace

instant clock::now() const noexcept {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + offset_of(offset_ms_);
}

steady_instant clock::steady() const noexcept { return std::chrono::steady_clock::now() + offset_of(offset_ms_); }

void clock::advance(std::chrono::milliseconds by) {
  if (!adjustable()) return;
  offset_ms_ += by.count();
  const std::lock_guard lock{mutex_};
  for (const auto& wake_timer : watchers_) wake_timer();
}

clock::registration clock::watch(wake on_advance) {
  const std::lock_guard lock{mutex_};
  return watchers_.insert(watchers_.end(), std::move(on_advance));
}

void clock::unwatch(registration watched) {
  const std::lock_guard lock{mutex_};
  watchers_.erase(watched);
}

}  // namespace nxg::runtime
