#pragma once

#include "resilience/policy.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <string_view>

namespace nxg::resilience {

/// An observer for `policy` that counts into metrics and logs what an operator should see:
/// `nxg_outside_attempts_total{service,outcome}` (succeeded, abandoned, or the failure's name),
/// `nxg_outside_attempt_seconds{service}`, `nxg_outside_retries_total{service}`,
/// `nxg_outside_refusals_total{service,reason}`, `nxg_outside_breaker_changes_total{service,state}`, and
/// `nxg_outside_breaker_state{service}` (0 closed, 1 half-open, 2 open), as last seen by a call. What came of a call is
/// its caller's to warn of: only a breaker that opens is a warning here.
policy::observer observe_with(telemetry::metrics& metrics, telemetry::logger log, std::string_view service);

}  // namespace nxg::resilience
