#pragma once

#include "models/scan.hpp"
#include "models/user.hpp"
#include "services/api_error.hpp"
#include "services/error_codes.hpp"

#include <vector>

namespace nxg::scanning {

/// What cannot be in measurements of this member; empty when they can be theirs: parts that fit each other, a height
/// within 10 cm and a weight within 30 % of what is known, muscle and fat together no more than the body.
[[nodiscard]] std::vector<field_error> implausible_in(const scan_measurements& what, const user& of);
/// Throws `code` with every measure that cannot be.
void refuse_implausible(const scan_measurements& what, const user& of, error_code code);

}  // namespace nxg::scanning
