#pragma once

#include "runtime/random.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nxg::utilities {

/// 32 octets.
[[nodiscard]] std::string sha256(std::string_view octets);
/// 32 octets.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);

/// Whether two secrets are the same, in a time that does not tell where they differ (their lengths may show).
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

[[nodiscard]] std::string random_octets(runtime::random& source, std::size_t count);

}  // namespace nxg::utilities
