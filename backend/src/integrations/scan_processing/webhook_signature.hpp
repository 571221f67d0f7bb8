#pragma once

#include "integrations/scan_processing/scan_service.hpp"
#include "runtime/clock.hpp"

#include <chrono>
#include <string_view>

namespace nxg::integrations::scs {

/// How far the clocks may be apart, and how old a webhook may be.
inline constexpr std::chrono::minutes webhook_window{5};

/// `signature` is `sha256=` and the hexadecimal HMAC-SHA256 of timestamp, full stop and body under the secret; the
/// timestamp is in seconds since 1970.
[[nodiscard]] bool is_genuine(std::string_view secret, const webhook_request& came, instant now);

}  // namespace nxg::integrations::scs
