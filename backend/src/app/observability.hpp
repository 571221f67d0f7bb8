#pragma once

#include "http/chain.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "telemetry/error_reports.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace nxg::app {

/// The access log and the request metrics (`nxg_http_requests_total`, `nxg_http_request_duration_seconds`), labelled
/// with the route's template. `routes` must be sealed before the first request.
[[nodiscard]] http::observer observe_requests(telemetry::logger log, telemetry::metrics& figures);

/// Errors that became a 500: logged with all they say, and reported.
[[nodiscard]] http::failure_listener report_failures(telemetry::logger log, telemetry::error_reporter& reports);

/// A route that answered with a code it did not declare: a defect of ours, logged.
[[nodiscard]] http::undeclared_listener log_undeclared(telemetry::logger log);

/// What the HTTP server counts, read at each scrape.
[[nodiscard]] std::vector<telemetry::metrics::registration> server_metrics(const http::server& server,
                                                                           telemetry::metrics& figures);

}  // namespace nxg::app
