#pragma once

#include "coordination/rate_limiter.hpp"
#include "resilience/quota.hpp"

#include <string>

namespace nxg::coordination {

/// The allowance of an outside service, counted in `limiter` for all processes that share it, whatever
/// `options.processes` says. Must not outlive `limiter`.
[[nodiscard]] resilience::allowance shared_quota(rate_limiter& limiter, const std::string& service,
                                                 resilience::quota_options options);

}  // namespace nxg::coordination
