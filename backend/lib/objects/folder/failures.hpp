#pragma once

#include <string_view>

namespace nxg::objects::folder {

/// Throws `error` for what a call of the system said (`number`: its errno) while doing `what`.
[[noreturn]] void fail(std::string_view what, int number);

}  // namespace nxg::objects::folder
