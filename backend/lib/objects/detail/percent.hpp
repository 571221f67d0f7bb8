#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nxg::objects::detail {

/// Percent-encodes all but the unreserved characters of RFC 3986, with upper-case digits, as Signature Version 4 wants.
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// The same, but for '/'.
[[nodiscard]] std::string percent_encoded_path(std::string_view path);
/// Nothing where a '%' is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace nxg::objects::detail
