#pragma once

#include "coordination/rate_limiter.hpp"
#include "runtime/tally.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nxg {

struct attempt_settings {
  std::chrono::milliseconds window{std::chrono::minutes{15}};
  std::uint64_t failures_per_account_and_address = 5;
  /// From addresses the account was never used from.
  std::uint64_t failures_per_account = 20;
  std::uint64_t failures_per_address = 100;
  /// Exchanges of one credential (a refresh token's session, a machine).
  std::uint64_t exchanges_per_credential = 30;
};

/// Holds up whoever guesses, without letting them lock others out: a gym is one address, so what is right always passes
/// whatever else comes from there, and an account stays open to the addresses its owner uses.
/// All functions throw `api_error` rate_limited.
class attempt_limits {
 public:
  attempt_limits(coordination::rate_limiter& limiter, attempt_settings settings = {})
      : limiter_{limiter}, settings_{settings} {}

  /// A look at a password that is under way. What is wrong is charged after it only: until then it counts itself.
  using look = runtime::tally<std::string>::place;

  /// Before a password is looked at; what it returns is held until the guess was charged or found right. `account` is
  /// any stable text for it, existing or not.
  task<look> before_login(std::string account, std::string address, bool address_is_known);
  /// A login that succeeded takes back what it was charged.
  task<void> after_login(std::string account, std::string address, bool address_is_known);
  /// Something that address showed was wrong: a password, a token, a code. Beyond the limit it throws, in place of the
  /// caller's own refusal.
  task<void> failed(std::string address);

  /// Before a credential is exchanged for a token: `kind` tells credentials of different sorts apart.
  task<void> before_exchange(std::string kind, std::string credential);

 private:
  coordination::rate_limiter& limiter_;
  attempt_settings settings_;
  runtime::tally<std::string> looks_;  // by address, in this process
};

}  // namespace nxg
