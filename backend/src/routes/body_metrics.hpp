#pragma once

#include "http/router.hpp"
#include "services/accounts/audit.hpp"
#include "services/body/metrics.hpp"

namespace nxg::routes {

/// `/api/users/body-metrics…`, and for admins `/api/users/{userId}/body-metrics…`.
void declare_body_metrics(http::router& routes, body::metrics& metrics, audit_log& audit);

}  // namespace nxg::routes
