#pragma once

#include "runtime/task.hpp"

#include <memory>

namespace nxg::resilience {

/// A signal between threads: one coroutine waits, any thread fires, once. A handle; copies share the signal.
class one_shot {
 public:
  one_shot();

  /// Resumes the waiter, on its own executor, with `value`. False when it had been fired or its waiter was cancelled:
  /// then nobody gets the value and the caller keeps what it stood for.
  bool fire(int value) const;
  /// The value fired, before or after. At most one waiter. Cancellation ends the wait with `operation_aborted`.
  [[nodiscard]] task<int> wait() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::resilience
