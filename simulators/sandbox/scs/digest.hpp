#pragma once

#include <string>
#include <string_view>

namespace nxg::sandbox::scs {

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view octets);
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);

}  // namespace nxg::sandbox::scs
