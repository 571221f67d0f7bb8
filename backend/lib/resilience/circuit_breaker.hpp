#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace nxg::resilience {

enum class breaker_state : std::uint8_t { closed, open, half_open };

/// What a call said about the service. `neutral`: nothing (cancelled early, refused before it was sent, throttled).
enum class outcome : std::uint8_t { success, failure, neutral };

struct breaker_options {
  /// Opens when at least this share of the calls in the window failed, …
  double failure_ratio = 0.5;
  /// … of at least so many. It opens as well when so many in a row failed: a service that hangs ends few calls, whose
  /// share in a window full of earlier successes would grow too slowly.
  std::size_t minimum_calls = 10;
  std::chrono::milliseconds window{30'000};
  /// How long it refuses everything before probes are let through.
  std::chrono::milliseconds open_for{30'000};
  /// Probes under way at a time, and successes in a row needed to close.
  std::size_t probes = 3;
  /// A probe not reported by then is forgotten and its place is free again.
  std::chrono::milliseconds probe_expiry{30'000};
};

/// Stops calls to a service that mostly fails, and lets a few through later to see whether it is well again.
///
/// A state machine without clock, timer or I/O: time is an argument and every change happens inside a call, so there
/// is nothing that could fail to fire. It cannot get stuck: closed forgets failures with the window; open ends with
/// time; half-open always admits a probe within `probe_expiry`, as places of unreported probes expire. Reports are
/// matched to their period, so a late answer from before cannot close or open it. Thread-safe; times may arrive
/// slightly out of order.
class circuit_breaker {
 public:
  explicit circuit_breaker(breaker_options options = {});

  /// An admitted call; give it back with `report`, once.
  struct ticket {
    std::uint64_t period = 0;
    /// 0 for a normal call.
    std::uint64_t probe = 0;
  };

  /// Nothing when the call must not be made.
  std::optional<ticket> admit(steady_instant now);
  /// A ticket of an earlier period or of an expired probe changes nothing.
  void report(ticket call, outcome how, steady_instant now);

  /// Where it stands: `open` whose time has passed is `half_open`.
  [[nodiscard]] breaker_state state(steady_instant now) const;
  /// How long until it makes sense to ask again; zero when `admit` would admit.
  [[nodiscard]] std::chrono::milliseconds retry_after(steady_instant now) const;
  /// How often it opened, ever.
  [[nodiscard]] std::uint64_t times_opened() const;

 private:
  struct slice {
    std::int64_t number = -1;
    std::size_t calls = 0;
    std::size_t failures = 0;
  };
  struct probe {
    std::uint64_t id = 0;
    steady_instant expires{};
  };

  void settle(steady_instant now);
  void open(steady_instant now);
  void close();
  void count(bool failed, steady_instant now);
  void count_row(bool failed, steady_instant now);
  [[nodiscard]] bool too_many_failures(steady_instant now) const;
  [[nodiscard]] std::int64_t slice_number(steady_instant now) const;

  const breaker_options options_;
  mutable std::mutex mutex_;
  breaker_state state_ = breaker_state::closed;
  std::uint64_t period_ = 1;
  std::uint64_t last_probe_ = 0;
  std::uint64_t opened_ = 0;
  steady_instant opened_at_{};
  std::size_t successes_ = 0;
  std::size_t failures_in_a_row_ = 0;
  steady_instant last_failure_{};
  std::vector<slice> slices_;
  std::vector<probe> probes_;
};

}  // namespace nxg::resilience
