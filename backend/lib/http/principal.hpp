#pragma once

#include "runtime/uuid.hpp"

#include <string>
#include <vector>

namespace nxg::http {

/// Who calls, as the application's authenticator found out. This library compares `role` with what a route allows
/// and counts limits by `id`; everything else it only carries.
struct principal {
  uuid id;
  /// The number of a value of the application's role enum, below 32.
  unsigned role = 0;
  /// The login session (or credential) the token belongs to.
  uuid session;
  /// Where the principal may act: for this product, branches. Empty means nowhere or everywhere, as the role says.
  std::vector<uuid> scopes;
  instant expires_at{};
};

}  // namespace nxg::http
