#pragma once

#include "objects/s3.hpp"

namespace nxg::objects::s3 {

/// Throws `unusable`, beginning with the setting, where one makes no sense; `std::invalid_argument` where an option
/// that is no setting does. The endpoints are `place::parse`'s to judge.
void require_usable(const s3_options& options);

}  // namespace nxg::objects::s3
