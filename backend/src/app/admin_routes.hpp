#pragma once

#include "app/health.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "telemetry/metrics.hpp"

namespace nxg::app {

/// The admin port: `/health/live`, `/health/ready`, `/health/startup`, `/metrics`, and on an adjustable clock `POST
/// /clock {advanceMs}`. It is bound to the machine itself unless set otherwise, and asks for no credentials.
void declare_admin_routes(http::router& routes, const health& state, const telemetry::metrics& figures,
                          runtime::clock& time);

}  // namespace nxg::app
