#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <functional>
#include <memory>

namespace nxg::runtime {

/// A timer that follows its clock, also when a test moves that clock.
/// Use it from its executor's thread only; destroying it cancels the wait.
class timer {
 public:
  timer(executor where, clock& time);
  ~timer();
  timer(timer&&) noexcept;
  timer& operator=(timer&&) noexcept;

  /// Calls `then(true)` when `when` has come, `then(false)` when cancelled or armed anew. Never from inside this call.
  void async_wait(steady_instant when, std::move_only_function<void(bool)> then);
  void cancel();

  /// Waits; false when cancelled by `cancel`. Cancellation of the coroutine throws `operation_aborted`.
  task<bool> wait_until(steady_instant when);
  task<bool> wait_for(std::chrono::nanoseconds how_long);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Waits that long on the coroutine's own executor.
task<void> sleep_for(clock& time, std::chrono::nanoseconds how_long);

}  // namespace nxg::runtime
