#pragma once

#include "pictures/picture.hpp"

#include <optional>
#include <string_view>

namespace nxg::pictures {

/// The type by the first bytes; nothing for what is none of them.
[[nodiscard]] std::optional<picture_type> sniff(std::string_view bytes) noexcept;

/// What the outline of a file tells without any decoding: its type, and that nothing in it is made to be slow (a JPEG
/// of more than 64 scans, which the decoder cannot be stopped in) or more than one picture (an animated PNG or WebP).
/// Throws `refused`.
[[nodiscard]] picture_type look_over(std::string_view bytes, const picture_rules& rules);

}  // namespace nxg::pictures
