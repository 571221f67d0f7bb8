#include "services/accounts/attempts.hpp"

#include "services/accounts/errors.hpp"
#include "utilities/addresses.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <algorithm>

namespace nxg {

namespace {

// Keys have a bounded length and hold no e-mail addresses.
std::string short_name(std::string_view text) { return utilities::base64url(utilities::sha256(text)).substr(0, 22); }

std::string pair_key(std::string_view account, const std::string& address) {
  return "login:" + short_name(account) + ":" + short_name(utilities::subscriber_of(address));
}
std::string account_key(std::string_view account) { return "login:" + short_name(account); }
std::string address_key(const std::string& address) {
  return "failures:" + short_name(utilities::subscriber_of(address));
}

}  // namespace

task<attempt_limits::look> attempt_limits::before_login(std::string account, std::string address,
                                                        bool address_is_known) {
  // Charged before the password is looked at: guesses made at the same moment count too.
  const auto pair = co_await limiter_.take(pair_key(account, address),
                                           {settings_.failures_per_account_and_address, settings_.window, 0});
  if (!pair.allowed) throw too_many_attempts(pair.retry_after);
  // The five above are all that anybody has there; the wider limits would only keep the owner out.
  if (address_is_known) co_return look{};
  const auto key = address_key(address);
  auto mine = looks_.take(key);
  const coordination::rate limit{settings_.failures_per_address, settings_.window, 0};
  // As if all that are looked at were wrong: nobody gets more guesses by making them at once.
  const auto left = co_await limiter_.peek(key, limit, mine.number());
  if (!left.allowed) throw too_many_attempts(std::min(left.retry_after, settings_.window));
  const auto strangers =
      co_await limiter_.take(account_key(account), {settings_.failures_per_account, settings_.window, 0});
  if (!strangers.allowed) throw too_many_attempts(strangers.retry_after);
  co_return mine;
}

task<void> attempt_limits::after_login(std::string account, std::string address, bool address_is_known) {
  co_await limiter_.reset(pair_key(account, address));
  if (!address_is_known) co_await limiter_.reset(account_key(account));
}

task<void> attempt_limits::failed(std::string address) {
  const auto left = co_await limiter_.take(address_key(address), {settings_.failures_per_address, settings_.window, 0});
  if (!left.allowed) throw too_many_attempts(left.retry_after);
}

task<void> attempt_limits::before_exchange(std::string kind, std::string credential) {
  const auto key = kind + ':' + short_name(credential);
  const auto exchanges = co_await limiter_.take(key, {settings_.exchanges_per_credential, settings_.window, 0});
  if (!exchanges.allowed) throw too_many_attempts(exchanges.retry_after);
}

}  // namespace nxg
