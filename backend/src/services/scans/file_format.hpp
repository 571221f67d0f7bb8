#pragma once

#include "models/scan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg::scanning {

/// How many octets of the beginning `format_of` looks at.
inline constexpr std::size_t format_beginning = 4096;

/// What a file is by its beginning; its name and what its sender says do not matter. A text that could be several
/// things is the first of OBJ, JSON, CSV that fits.
[[nodiscard]] std::optional<scan_format> format_of(std::string_view beginning);

/// Whether a file of that size may begin like this: a GLB tells its length.
[[nodiscard]] bool fits_size(scan_format format, std::string_view beginning, std::uint64_t size);

[[nodiscard]] std::string_view content_type_of(scan_format format) noexcept;

}  // namespace nxg::scanning
