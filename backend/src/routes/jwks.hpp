#pragma once

#include "http/router.hpp"
#include "services/accounts/keys.hpp"

namespace nxg::routes {

/// `/.well-known/jwks.json`: the public keys access tokens are verified with.
void declare_jwks(http::router& routes, const key_service& keys);

}  // namespace nxg::routes
