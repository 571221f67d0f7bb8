#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nxg::utilities {

/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string base64url(std::string_view octets);
/// Nothing when `text` is not exactly what `base64url` would write: one text per value, so a token has one spelling.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

/// RFC 4648 section 6 in upper case without padding: fits the alphanumeric mode of a QR code.
[[nodiscard]] std::string base32(std::string_view octets);
/// Nothing when `text` is not exactly what `base32` would write.
[[nodiscard]] std::optional<std::string> from_base32(std::string_view text);

/// Two lower-case digits per octet.
[[nodiscard]] std::string hex(std::string_view octets);

}  // namespace nxg::utilities
