#pragma once

#include "http/router.hpp"
#include "services/visits/visit_service.hpp"

namespace nxg::routes {

/// /api/sessions: visits to a branch. The service outlives the router.
void declare_sessions(http::router& routes, visit_service& visits);

}  // namespace nxg::routes
