#include "services/account_limit.hpp"

#include "services/api_error.hpp"

#include <chrono>

namespace nxg {

std::string account_limit::key_of(const uuid& account) { return "account:" + account.to_string(); }

task<void> account_limit::take(uuid account) {
  const auto left = co_await limiter_.take(key_of(account), rate_);
  if (left.allowed) co_return;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(left.retry_after);
  throw api_error{error_code::rate_limited, "Too many requests of this account."}.with_retry_after(wait);
}

}  // namespace nxg
