#pragma once

#include "http/middleware.hpp"
#include "services/accounts/audit.hpp"

namespace nxg {

/// Records every request by which somebody who works for the gym changes something that members may not change:
/// operation, outcome, who, and what the path names. Innermost in the chain; when the record cannot be kept the answer
/// is a 503.
[[nodiscard]] http::middleware audit_privileged(audit_log& log);

}  // namespace nxg
