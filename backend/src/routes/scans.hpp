#pragma once

#include "http/router.hpp"
#include "services/accounts/audit.hpp"
#include "services/scans/scans.hpp"

namespace nxg::routes {

/// `/api/scans/…`: body scans and the avatars made of them; the webhook of the scan service. That somebody brings one
/// for another is recorded first. All outlive the router.
void declare_scans(http::router& routes, scanning::scans& scans, audit_log& audit);

}  // namespace nxg::routes
