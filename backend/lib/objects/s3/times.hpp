#pragma once

#include "runtime/clock.hpp"

#include <optional>
#include <string>

namespace nxg::objects::s3 {

/// `2009-10-12T17:50:30.000Z`, as lists have it; the fraction may be missing.
[[nodiscard]] std::optional<instant> read_iso_time(const std::string& text);
/// `Wed, 21 Oct 2015 07:28:00 GMT`, as headers have it.
[[nodiscard]] std::optional<instant> read_http_time(const std::string& text);

}  // namespace nxg::objects::s3
