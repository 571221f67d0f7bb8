#pragma once

#include "http/router.hpp"
#include "services/live/inbox.hpp"

namespace nxg::routes {

/// /api/events. The service outlives the router.
void declare_events(http::router& routes, live::inbox_service& inboxes);

}  // namespace nxg::routes
