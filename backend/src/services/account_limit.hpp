#pragma once

#include "coordination/rate_limiter.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"

#include <string>

namespace nxg {

/// How often one account may ask for something, whatever the door: requests and socket events are counted together.
class account_limit {
 public:
  account_limit(coordination::rate_limiter& limiter, coordination::rate rate) : limiter_{limiter}, rate_{rate} {}

  /// What requests are counted under, too.
  [[nodiscard]] static std::string key_of(const uuid& account);

  /// Throws `api_error` rate_limited.
  task<void> take(uuid account);

 private:
  coordination::rate_limiter& limiter_;
  coordination::rate rate_;
};

}  // namespace nxg
