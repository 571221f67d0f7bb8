#pragma once

#include "coordination/rate_limiter.hpp"
#include "http/chain.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace nxg {

struct request_limit_settings {
  std::chrono::milliseconds window{std::chrono::minutes{15}};
  /// Per account and window.
  std::uint64_t member = 600;
  /// Per address and window, on routes that need no token.
  std::uint64_t public_per_address = 100;
  /// Registrations, per address and window.
  std::uint64_t register_per_address = 12;
  /// Workout plans asked for, per account and ten minutes: each may cost a call of the planning service.
  std::uint64_t plans = 10;
  /// Pictures of meals, per account and window: each takes a core for a while and may cost a call outside.
  std::uint64_t pictures = 60;
  /// Messages of a machine or screen; a batch is one message.
  std::uint64_t machine_per_second = 20;
  std::uint64_t machine_burst = 100;
};

/// How often anybody may call. Who has a token is counted by it: a gym is one address, and so are its machines. Of an
/// IPv6 address its first 64 bits count, here and for attempts.
///
/// What a route names as its limit: nothing or "default"; "register"; "plans"; "pictures"; "unlimited" for routes whose
/// service counts attempts itself (login, exchange of tokens) and for what is served to browsers (pages, documents).
class request_limits final : public http::rate_limit {
 public:
  /// `callers` says who calls a route that needs no token, where a token that was met before came along.
  request_limits(coordination::rate_limiter& limiter, http::authenticator& callers,
                 request_limit_settings settings = {})
      : limiter_{limiter}, callers_{callers}, settings_{settings} {}

  std::optional<http::rate_verdict> try_take(const http::request& incoming) override;
  task<http::rate_verdict> take(const http::request& incoming) override;

 private:
  coordination::rate_limiter& limiter_;
  http::authenticator& callers_;
  request_limit_settings settings_;
};

}  // namespace nxg
