#pragma once

#include "figure/mesh.hpp"

#include <string>

namespace nxg::figure {

/// The mesh from the front, in a square of that many pixels (16 to 2,048), transparent around it. PNG.
[[nodiscard]] std::string draw_png(const mesh& of, unsigned pixels);

}  // namespace nxg::figure
