#pragma once

#include "http/router.hpp"
#include "services/branches/branches.hpp"

namespace nxg::routes {

/// /api/branches and its screens. The service outlives the router.
void declare_branches(http::router& routes, branch_service& branches);

}  // namespace nxg::routes
