#include "made_pictures.hpp"

#include <vips/vips8>

#include <cmath>
#include <mutex>

namespace nxg::pictures::made {
namespace {

using vips::VImage;
using vips::VOption;

void begin() {
  static std::once_flag once;
  std::call_once(once, [] { vips_init("made_pictures"); });
}

std::string bytes_of(VipsBlob* blob) {
  std::size_t size = 0;
  const auto* data = static_cast<const char*>(vips_blob_get(blob, &size));
  std::string bytes{data, size};
  vips_area_unref(VIPS_AREA(blob));
  return bytes;
}

VImage plates(const look& how) {
  const auto x = VImage::xyz(how.width, how.height).extract_band(0) / how.width;
  const auto y = VImage::xyz(how.width, how.height).extract_band(1) / how.height;
  const auto wave = [&](double a, double b) {
    return ((x * (360 * a * (1 + how.seed % 3)) + y * (360 * b) + 37.0 * how.seed).sin() + 1) * 110 + 17;
  };
  auto image = wave(1.3, 0.7).bandjoin(wave(0.6, 2.1)).bandjoin(wave(2.2, 0.4)).cast(VIPS_FORMAT_UCHAR);
  return image.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

VImage dressed(const look& how) {
  auto image = plates(how).copy_memory();
  if (how.transparent) image = image.bandjoin(VImage::black(how.width, how.height));
  if (how.sixteen_bits) {
    image =
        (image * 257).cast(VIPS_FORMAT_USHORT).copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_RGB16));
  }
  if (how.orientation != 0) image.set("orientation", how.orientation);
  if (how.with_place) {
    image.set("exif-ifd3-GPSLatitude", "52/1 31/1 12/1 (52, 31, 12, Rational, 3 components, 24 bytes)");
    image.set("exif-ifd0-Model", "Telephone (Telephone, ASCII, 10 components, 10 bytes)");
  }
  return image;
}

void append_big_endian(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift & 0xFF);
}

std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
  }
  return ~crc;
}

std::string chunk(const std::string& name, const std::string& content) {
  std::string made;
  append_big_endian(made, static_cast<std::uint32_t>(content.size()));
  made += name + content;
  append_big_endian(made, crc_of(name + content));
  return made;
}

}  // namespace

std::string of(kind type, const look& how) {
  begin();
  const auto image = dressed(how);
  switch (type) {
    case kind::jpeg: return bytes_of(image.jpegsave_buffer(VImage::option()->set("Q", how.quality)));
    case kind::png: return bytes_of(image.pngsave_buffer());
    case kind::webp: return bytes_of(image.webpsave_buffer(VImage::option()->set("Q", how.quality)));
    case kind::gif: break;
  }
  return "GIF89a" + std::string(200, '\x01');
}

std::string noise(int width, int height) {
  begin();
  const auto level = [&] {
    return VImage::gaussnoise(width, height, VImage::option()->set("mean", 128)->set("sigma", 80));
  };
  const auto image = level()
                         .bandjoin(level())
                         .bandjoin(level())
                         .cast(VIPS_FORMAT_UCHAR)
                         .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  return bytes_of(image.jpegsave_buffer(VImage::option()->set("Q", 90)));
}

std::string animated_webp() {
  begin();
  auto frames = VImage::arrayjoin({plates({.width = 64, .height = 64}), plates({.width = 64, .height = 64, .seed = 2})},
                                  VImage::option()->set("across", 1))
                    .copy_memory();
  frames.set("page-height", 64);
  return bytes_of(frames.webpsave_buffer());
}

std::string png_claiming(std::uint32_t width, std::uint32_t height) {
  std::string header;
  append_big_endian(header, width);
  append_big_endian(header, height);
  header += std::string("\x08\x02\x00\x00\x00", 5);
  const auto whole = of(kind::png, {.width = 32, .height = 32});
  return whole.substr(0, 8) + chunk("IHDR", header) + whole.substr(8 + 25);
}

std::string animated_png() {
  const auto whole = of(kind::png, {.width = 32, .height = 32});
  return whole.substr(0, 8 + 25) + chunk("acTL", std::string("\0\0\0\2\0\0\0\0", 8)) + whole.substr(8 + 25);
}

std::string jpeg_of_scans(int scans) {
  auto whole = of(kind::jpeg, {.width = 64, .height = 64});
  const auto end = whole.size() - 2;
  std::string more;
  for (int i = 0; i < scans; ++i) more += std::string("\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x12\x34", 12);
  whole.insert(end, more);
  return whole;
}

bool has_metadata(const std::string& jpeg) {
  begin();
  const auto image = VImage::new_from_buffer(jpeg.data(), jpeg.size(), "");
  for (const auto* name : {"exif-data", "xmp-data", "icc-profile-data", "iptc-data", "orientation"}) {
    if (image.get_typeof(name) != 0) return true;
  }
  return false;
}

std::uint32_t colour_at(const std::string& picture, double x, double y) {
  begin();
  const auto image = VImage::new_from_buffer(picture.data(), picture.size(), "").copy_memory();
  const auto levels =
      image.getpoint(static_cast<int>(x * (image.width() - 1)), static_cast<int>(y * (image.height() - 1)));
  std::uint32_t colour = 0;
  for (std::size_t band = 0; band < 3; ++band)
    colour = colour << 8 | static_cast<std::uint32_t>(std::lround(levels.at(band)));
  return colour;
}

}  // namespace nxg::pictures::made
