#pragma once

#include "http/router.hpp"
#include "runtime/task.hpp"
#include "services/accounts/accounts.hpp"

#include <functional>
#include <optional>

namespace nxg::routes {

/// The avatar of an account; nothing when it has none.
using avatar_reader = std::function<task<std::optional<account_avatar>>(uuid account)>;

/// `/api/users/…`: the caller's own profile and consents; accounts, for admins.
void declare_users(http::router& routes, account_service& accounts, avatar_reader avatars);

}  // namespace nxg::routes
