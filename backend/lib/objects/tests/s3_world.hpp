#pragma once

#include "objects/s3.hpp"
#include "objects/tests/s3_host.hpp"

namespace nxg::objects::testing {

/// The one that all tests of this program share.
s3_host& shared_s3();
/// With keys of its own.
s3_options options_for(s3_host& host);

}  // namespace nxg::objects::testing
