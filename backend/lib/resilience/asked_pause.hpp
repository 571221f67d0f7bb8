#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <mutex>

namespace nxg::resilience {

/// The pause a service asked for (429 with `Retry-After`), kept for all calls to it and not only for the one that was
/// told. Bounded, so that a service that asks for a year is tried again. Thread-safe.
class asked_pause {
 public:
  explicit asked_pause(std::chrono::milliseconds longest) : longest_{longest} {}

  /// Never shortens what is left of an earlier one.
  void ask(std::chrono::milliseconds pause, steady_instant now);
  /// Zero when nothing keeps a call from being made.
  [[nodiscard]] std::chrono::milliseconds left(steady_instant now) const;

 private:
  const std::chrono::milliseconds longest_;
  mutable std::mutex mutex_;
  steady_instant until_{};
};

}  // namespace nxg::resilience
