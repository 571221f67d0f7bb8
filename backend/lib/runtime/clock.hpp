#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>

namespace nxg {

/// A point in time as the product knows it: UTC, to the millisecond.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// For durations and deadlines inside the process; never stored, never sent.
using steady_instant = std::chrono::steady_clock::time_point;

}  // namespace nxg

namespace nxg::runtime {

/// Wall and steady time, injected wherever time is read.
///
/// An `adjustable` clock (tests only) can be moved forward: both readings jump, and every `timer` made on it
/// fires if its time has come, so a test of four hours takes no time. Thread-safe.
class clock {
 public:
  enum class mode : std::uint8_t { real, adjustable };

  explicit clock(mode how = mode::real) noexcept : mode_{how} {}
  clock(const clock&) = delete;
  clock& operator=(const clock&) = delete;

  [[nodiscard]] instant now() const noexcept;
  [[nodiscard]] steady_instant steady() const noexcept;
  [[nodiscard]] bool adjustable() const noexcept { return mode_ == mode::adjustable; }

  /// Moves both readings forward and wakes the timers. Does nothing on a real clock.
  void advance(std::chrono::milliseconds by);

 private:
  friend class timer;
  using wake = std::function<void()>;
  using registration = std::list<wake>::iterator;
  registration watch(wake on_advance);
  void unwatch(registration watched);

  mode mode_;
  std::atomic<std::int64_t> offset_ms_{0};
  std::mutex mutex_;
  std::list<wake> watchers_;
};

}  // namespace nxg::runtime
