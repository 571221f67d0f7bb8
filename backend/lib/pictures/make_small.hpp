#pragma once

#include "pictures/picture.hpp"

#include <functional>
#include <string_view>

namespace nxg::pictures {

/// Reads a picture of strangers and makes one of ours: turned upright as its camera held it, in sRGB, on white where it
/// was transparent, made to fit (never enlarged), as a JPEG within `fit_bytes` where the quality allows, without any
/// metadata. Blocks for some milliseconds per megapixel; asks `too_late` now and then and gives up when it says so.
/// Throws `refused`. Thread-safe.
[[nodiscard]] picture make_small(std::string_view bytes, const picture_rules& rules,
                                 const std::function<bool()>& too_late);

}  // namespace nxg::pictures
