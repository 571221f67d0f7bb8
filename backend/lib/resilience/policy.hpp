#pragma once

#include "resilience/asked_pause.hpp"
#include "resilience/bulkhead.hpp"
#include "resilience/circuit_breaker.hpp"
#include "resilience/failure.hpp"
#include "resilience/quota.hpp"
#include "resilience/retry_policy.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nxg::resilience {

/// What happened in a call, for metrics and logs.
struct call_event {
  enum class kind : std::uint8_t {
    attempt_succeeded,
    /// `how` is set.
    attempt_failed,
    /// The caller went away, or the attempt threw something that is no `attempt_failed`.
    attempt_abandoned,
    /// A further attempt follows after a pause.
    retried,
    /// `why` is set; the call ended without result.
    refused,
    /// `breaker` is set: the breaker was found in another state than before.
    breaker_changed,
  };
  kind what = kind::attempt_succeeded;
  /// The policy's name.
  std::string_view service{};
  /// Of the attempt.
  std::chrono::nanoseconds took{0};
  std::optional<failure> how{};
  std::optional<refusal> why{};
  std::optional<breaker_state> breaker{};
};
std::string_view name_of(call_event::kind what) noexcept;

struct policy_options {
  /// In metrics, logs and error texts: `wps`, `mds`, ….
  std::string service{};
  std::chrono::milliseconds attempt_timeout{10'000};
  breaker_options breaker{};
  retry_options retry{};
  retry_budget_options budget{};
  bulkhead_options bulkhead{};
  quota_options quota{};
  /// Counts the calls instead of this process alone, where several share the quota.
  allowance shared_quota{};
  /// No longer does a service that throttles keep us from trying again, whatever it asks for.
  std::chrono::milliseconds longest_asked_pause{300'000};
};

/// One attempt, as the attempt sees it.
struct attempt_info {
  /// 1, 2, …
  unsigned number = 1;
  /// When it will be cancelled.
  steady_instant deadline{};
};

struct call_options {
  /// False for what may not be done twice: one attempt only.
  bool repeatable = true;
  /// A job's call: leaves the quota's reserve to people who wait.
  bool background = false;
  /// Asked before each attempt after the first: false ends the call. What it throws comes through.
  std::function<task<bool>()> may_repeat{};
};

/// Everything one process keeps about one outside service. Shared by all cores: thread-safe.
class policy {
 public:
  using observer = std::function<void(const call_event&)>;

  /// `time` and `random` must outlive the policy. `observe` is called on the callers' threads and must not throw.
  policy(policy_options options, runtime::clock& time, runtime::random& random, observer observe = {});
  ~policy();
  policy(const policy&) = delete;
  policy& operator=(const policy&) = delete;

  [[nodiscard]] const std::string& service() const noexcept;
  [[nodiscard]] breaker_state breaker() const;
  /// Until it makes sense to call: the breaker is open, or the service asked for a pause.
  [[nodiscard]] std::chrono::milliseconds retry_after() const;
  [[nodiscard]] std::size_t running() const;
  [[nodiscard]] std::size_t waiting() const;

  using attempt_function = std::function<task<void>(attempt_info)>;
  /// What `call` is made of; use `call`.
  task<void> run(steady_instant deadline, call_options how, attempt_function attempt);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Calls a service: waits for a place, asks breaker and quota, gives each attempt its time-out inside `deadline`, and
/// tries again what may be.
///
/// `attempt(attempt_info) -> task<T>` says how it failed by throwing `attempt_failed` and must honour cancellation: an
/// attempt that is out of time is cancelled and waited for. Throws `call_failed`; lets through what an attempt throws
/// on its own account, and `operation_aborted` when the caller is cancelled. An attempt that the caller's own deadline
/// cut off after more than half of its time-out counts as timed out.
template <class Attempt>
auto call(policy& through, steady_instant deadline, call_options how, Attempt attempt)
    -> std::invoke_result_t<Attempt&, attempt_info> {
  using result = typename std::invoke_result_t<Attempt&, attempt_info>::value_type;
  if constexpr (std::is_void_v<result>) {
    co_await through.run(deadline, how, std::ref(attempt));
  } else {
    std::optional<result> answer;
    const auto keep = [&](attempt_info info) -> task<void> { answer.emplace(co_await attempt(info)); };
    co_await through.run(deadline, how, std::cref(keep));
    co_return std::move(*answer);
  }
}

template <class Attempt>
auto call(policy& through, steady_instant deadline, Attempt attempt) -> std::invoke_result_t<Attempt&, attempt_info> {
  return call(through, deadline, call_options{}, std::move(attempt));
}

/// Runs `work` until `until`; true when it finished, false when it was cancelled for lack of time (it has ended then).
/// What it throws comes through; cancelling the caller cancels `work`.
task<bool> finish_by(runtime::clock& time, steady_instant until, task<void> work);

}  // namespace nxg::resilience
