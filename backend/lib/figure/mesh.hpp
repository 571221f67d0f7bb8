#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace nxg::figure {

using point = std::array<float, 3>;

/// Triangles, counter-clockwise from outside; metres, y up.
struct mesh {
  std::vector<point> positions;
  /// One per position, of length 1.
  std::vector<point> normals;
  /// Three per triangle.
  std::vector<std::uint32_t> indices;
};

}  // namespace nxg::figure
