#pragma once

#include "models/role.hpp"
#include "runtime/uuid.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace nxg {

/// Who asks a service for something.
struct caller {
  uuid id{};
  nxg::role role = nxg::role::member;
  /// The login session or device credential its token belongs to.
  uuid session{};
  /// The branches it may act in; for members and admins no limit.
  std::vector<uuid> branches{};

  [[nodiscard]] bool works_at(const uuid& branch) const noexcept {
    return role == nxg::role::admin || std::ranges::find(branches, branch) != branches.end();
  }
};

/// Where a request came from, for audit records and limits.
struct request_origin {
  std::string address{};
  std::string user_agent{};
  uuid request_id{};
};

}  // namespace nxg
