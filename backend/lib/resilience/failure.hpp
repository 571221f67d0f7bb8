#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::resilience {

/// How an attempt failed, in the words of who called the service.
enum class failure : std::uint8_t {
  /// Not reached, connection lost, 500, 502 to 504. Counts against the service; tried again.
  unavailable,
  /// No answer in time. Counts against the service; tried again.
  timed_out,
  /// 429: the service is well, but wants a pause. Tried again after `retry_after`.
  throttled,
  /// An answer that breaks the contract. Counts against the service; tried again.
  malformed,
  /// 4xx: the request was wrong, the service is well. Final.
  rejected,
  /// 401 or 403: our credentials are wrong. Counts against the service, as no call will do better. Final.
  unauthorized,
};
std::string_view name_of(failure how) noexcept;

/// What an attempt throws to say how it failed. Anything else thrown by it is our own fault: final, and neutral.
class attempt_failed : public std::runtime_error {
 public:
  attempt_failed(failure kind, const std::string& what, std::optional<std::chrono::milliseconds> pause = {})
      : std::runtime_error{what}, how{kind}, retry_after{pause} {}

  failure how;
  std::optional<std::chrono::milliseconds> retry_after;
};

/// Why a call gave no result.
enum class refusal : std::uint8_t {
  /// The breaker is open: nothing was sent.
  breaker_open,
  /// No place in the bulkhead: nothing was sent.
  saturated,
  /// Our share of the service's quota is used up: nothing was sent.
  quota_exhausted,
  /// The service asked for a pause, which is not over: nothing was sent.
  asked_to_pause,
  /// The caller does not want it any more (`call_options::may_repeat`): nothing more was sent.
  withdrawn,
  /// No time was left: nothing was sent by the last attempt.
  deadline,
  /// The last attempt's failure, see `last`.
  failed,
};
std::string_view name_of(refusal why) noexcept;

/// The only exception of `call` beside those an attempt throws on its own account and `operation_aborted`.
class call_failed : public std::runtime_error {
 public:
  call_failed(refusal reason, std::optional<failure> last_failure, const std::string& what,
              std::optional<std::chrono::milliseconds> pause = {})
      : std::runtime_error{what}, why{reason}, last{last_failure}, retry_after{pause} {}

  refusal why;
  /// How the last attempt failed, when there was one.
  std::optional<failure> last;
  /// When it makes sense to try again, for `Retry-After`.
  std::optional<std::chrono::milliseconds> retry_after;
};

}  // namespace nxg::resilience
