#pragma once

#include "http/router.hpp"
#include "services/accounts/audit.hpp"
#include "services/accounts/member_settings.hpp"

namespace nxg::routes {

/// `/api/users/preferences`, `/api/users/privacy`, and for admins the same under `/api/users/{userId}`.
void declare_member_settings(http::router& routes, member_settings& settings, audit_log& audit);

}  // namespace nxg::routes
