#pragma once

#include "http/router.hpp"
#include "services/points/ledger.hpp"

namespace nxg::routes {

/// /api/nxg-points. The ledger outlives the router.
void declare_points(http::router& routes, points::ledger& ledger);

}  // namespace nxg::routes
