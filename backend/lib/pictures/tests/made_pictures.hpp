#pragma once

#include <cstdint>
#include <string>

/// Pictures made for tests.
namespace nxg::pictures::made {

enum class kind : std::uint8_t { jpeg, png, webp, gif };

struct look {
  int width = 640;
  int height = 480;
  /// Another one gives another picture.
  int seed = 1;
  int quality = 90;
  /// As a camera notes how it was held, 1 to 8; 0: not at all.
  int orientation = 0;
  bool with_place = false;
  bool transparent = false;
  bool sixteen_bits = false;
};

/// Some plates of food, seen by somebody very short-sighted.
[[nodiscard]] std::string of(kind type, const look& how = {});
/// All noise: the worst there is to compress.
[[nodiscard]] std::string noise(int width, int height);
[[nodiscard]] std::string animated_webp();
/// A small PNG that says it is as large as that.
[[nodiscard]] std::string png_claiming(std::uint32_t width, std::uint32_t height);
/// A PNG with the chunk that makes it an animation.
[[nodiscard]] std::string animated_png();
/// A JPEG whose decoder would go over all of its pixels that often.
[[nodiscard]] std::string jpeg_of_scans(int scans);
/// Whether anything of a picture's metadata is there: an EXIF, XMP or ICC block.
[[nodiscard]] bool has_metadata(const std::string& jpeg);
/// The colour of a pixel, as 0xRRGGBB.
[[nodiscard]] std::uint32_t colour_at(const std::string& picture, double x, double y);

}  // namespace nxg::pictures::made
