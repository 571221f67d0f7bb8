#pragma once

#include "http/router.hpp"
#include "services/accounts/accounts.hpp"
#include "services/accounts/sessions.hpp"

namespace nxg::routes {

/// `/api/auth/…`: how accounts begin, log in, stay logged in, and log out.
void declare_auth(http::router& routes, account_service& accounts, session_service& sessions);

}  // namespace nxg::routes
