#pragma once

#include "http/router.hpp"
#include "services/accounts/accounts.hpp"

namespace nxg::routes {

/// `/api/users/…`: the caller's own profile and consents; accounts, for admins.
void declare_users(http::router& routes, account_service& accounts);

}  // namespace nxg::routes
