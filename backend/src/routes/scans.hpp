#pragma once

#include "http/router.hpp"
#include "services/scans/scans.hpp"

namespace nxg::routes {

/// `/api/scans/…`: body scans and the avatars made of them; the webhook of the scan service.
void declare_scans(http::router& routes, scanning::scans& scans);

}  // namespace nxg::routes
