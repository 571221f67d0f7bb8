#pragma once

#include "coordination/coordinator.hpp"
#include "resilience/quota.hpp"
#include "runtime/clock.hpp"

#include <string>

namespace nxg::coordination {

/// The allowance of an outside service, counted for all processes that share `by`; while those cannot be reached each
/// keeps to its part as well (`options.processes`). Must not outlive `by` and `time`.
[[nodiscard]] resilience::allowance shared_quota(coordinator& by, runtime::clock& time, const std::string& service,
                                                 resilience::quota_options options);

}  // namespace nxg::coordination
