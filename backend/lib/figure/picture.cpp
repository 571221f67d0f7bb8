#include "figure/picture.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace nxg::figure {

namespace {

void append(std::string& to, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>((number >> shift) & 0xff);
}

void append_chunk(std::string& to, std::string_view type, std::string_view content) {
  append(to, static_cast<std::uint32_t>(content.size()));
  const auto at = to.size();
  to.append(type).append(content);
  const auto* start = reinterpret_cast<const Bytef*>(to.data() + at);
  append(to, static_cast<std::uint32_t>(crc32(0, start, static_cast<uInt>(to.size() - at))));
}

/// Grey and alpha, rows from the top, without filters.
std::string png_of(const std::string& pixels, unsigned side) {
  std::string rows;
  for (unsigned y = 0; y < side; ++y)
    rows.append(1, '\0').append(pixels, std::size_t{y} * side * 2, std::size_t{side} * 2);
  std::string packed(compressBound(rows.size()), '\0');
  uLongf size = packed.size();
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                rows.size(), 6) != Z_OK) {
    throw std::bad_alloc{};
  }
  packed.resize(size);
  std::string head;
  append(head, side);
  append(head, side);
  head.append("\x08\x04\x00\x00\x00", 5);
  std::string file{"\x89PNG\r\n\x1a\n"};
  append_chunk(file, "IHDR", head);
  append_chunk(file, "IDAT", packed);
  append_chunk(file, "IEND", {});
  return file;
}

struct corner {
  float x;
  float y;
  float z;
  float light;
};

class canvas {
 public:
  explicit canvas(unsigned side)
      : side_{side},
        depth_(std::size_t{side} * side, -std::numeric_limits<float>::infinity()),
        pixels_(std::size_t{side} * side * 2, '\0') {}

  void fill(const corner& a, const corner& b, const corner& c) {
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (std::abs(area) < 1e-9F) return;
    const auto [left, right] = range(a.x, b.x, c.x);
    const auto [top, bottom] = range(a.y, b.y, c.y);
    for (unsigned y = top; y < bottom; ++y) {
      for (unsigned x = left; x < right; ++x) {
        const float px = static_cast<float>(x) + 0.5F;
        const float py = static_cast<float>(y) + 0.5F;
        const float u = ((b.x - px) * (c.y - py) - (c.x - px) * (b.y - py)) / area;
        const float v = ((c.x - px) * (a.y - py) - (a.x - px) * (c.y - py)) / area;
        const float w = 1 - u - v;
        if (u < 0 || v < 0 || w < 0) continue;
        put(x, y, u * a.z + v * b.z + w * c.z, u * a.light + v * b.light + w * c.light);
      }
    }
  }

  [[nodiscard]] const std::string& pixels() const noexcept { return pixels_; }

 private:
  [[nodiscard]] std::pair<unsigned, unsigned> range(float a, float b, float c) const {
    const float most = static_cast<float>(side_);
    const float low = std::clamp(std::floor(std::min({a, b, c})), 0.0F, most);
    const float high = std::clamp(std::ceil(std::max({a, b, c})), 0.0F, most);
    return {static_cast<unsigned>(low), static_cast<unsigned>(high)};
  }
  void put(unsigned x, unsigned y, float z, float light) {
    const auto at = std::size_t{y} * side_ + x;
    if (z <= depth_[at]) return;
    depth_[at] = z;
    pixels_[at * 2] = static_cast<char>(static_cast<unsigned char>(std::clamp(60 + 180 * light, 0.0F, 255.0F)));
    pixels_[at * 2 + 1] = static_cast<char>(0xff);
  }

  unsigned side_;
  std::vector<float> depth_;
  std::string pixels_;
};

}  // namespace

std::string draw_png(const mesh& of, unsigned pixels) {
  const unsigned side = std::clamp(pixels, 16U, 2'048U);
  float height = 0.01F;
  for (const auto& one : of.positions) height = std::max({height, one[1], 2 * std::abs(one[0])});
  const float scale = static_cast<float>(side) * 0.92F / height;
  const float centre = static_cast<float>(side) / 2;
  canvas on{side};
  const auto corner_of = [&](std::uint32_t index) {
    const auto& where = of.positions[index];
    const auto& normal = of.normals[index];
    const float light = std::max(0.0F, 0.35F * normal[0] + 0.45F * normal[1] + 0.82F * normal[2]);
    return corner{centre + where[0] * scale, static_cast<float>(side) * 0.96F - where[1] * scale, where[2], light};
  };
  for (std::size_t i = 0; i + 2 < of.indices.size(); i += 3) {
    on.fill(corner_of(of.indices[i]), corner_of(of.indices[i + 1]), corner_of(of.indices[i + 2]));
  }
  return png_of(on.pixels(), side);
}

}  // namespace nxg::figure
