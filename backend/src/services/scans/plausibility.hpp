#pragma once

#include "models/scan.hpp"
#include "models/user.hpp"
#include "services/error_codes.hpp"

namespace nxg::scanning {

/// Whether measurements can be those of this member: parts that fit each other, a height within 10 cm and a weight
/// within 30 % of what is known, muscle and fat together no more than the body. Throws `code` with every measure that
/// cannot be.
void refuse_implausible(const scan_measurements& what, const user& of, error_code code);

}  // namespace nxg::scanning
