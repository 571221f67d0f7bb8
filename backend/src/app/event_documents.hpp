#pragma once

#include "http/router.hpp"
#include "services/live/catalogue.hpp"

namespace nxg::app {

/// `/api/asyncapi.json`, and `/api/docs/events` for people: what goes over sockets. The catalogue outlives the router,
/// and is complete at the first request.
void declare_event_documents(http::router& routes, const live::catalogue& events);

}  // namespace nxg::app
