#include "pictures/make_small.hpp"

#include "pictures/sniff.hpp"

#include <vips/vips8>
// After what it is made of.
#include <vips/vector.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <new>

namespace nxg::pictures {
namespace {

using vips::VImage;
using vips::VOption;

std::once_flag begun;
std::atomic<bool> usable{false};

void begin() {
  // Warnings about strangers' pictures belong in nobody's terminal.
  g_log_set_handler(
      "VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION),
      [](const gchar*, GLogLevelFlags, const gchar*, gpointer) {}, nullptr);
  if (vips_init("nxg") != 0) return;
  // Callers bring the threads, and never ask for the same picture twice. Loaders that have not been fuzzed stay off.
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_block_untrusted_set(TRUE);
  // Until 8.14 loops are compiled for each picture by Orc, which frees what it compiled without its lock: with pictures
  // in several threads at once it corrupts its own lists. Without it a large picture takes up to a third longer.
  if (vips_version(1) < 15) vips_vector_set_enabled(FALSE);
  usable = true;
}

/// What a thread has of libvips goes with the work: threads here do not end.
struct thread_state {
  thread_state() = default;
  thread_state(const thread_state&) = delete;
  thread_state& operator=(const thread_state&) = delete;
  ~thread_state() { vips_thread_shutdown(); }
};

/// Stops the evaluation of what is read from an image once it is too late.
class patience {
 public:
  explicit patience(const std::function<bool()>& too_late) : too_late_{too_late} {}

  void watch(const VImage& image) {
    vips_image_set_progress(image.get_image(), TRUE);
    g_signal_connect(image.get_image(), "eval", G_CALLBACK(&patience::look), this);
  }
  void require() {
    if (lost_ || too_late_()) throw refused{refusal::too_slow};
  }
  [[nodiscard]] bool lost() const noexcept { return lost_; }

 private:
  static void look(VipsImage* image, VipsProgress*, gpointer self) {
    auto& mine = *static_cast<patience*>(self);
    if (!mine.lost_ && !mine.too_late_()) return;
    mine.lost_ = true;
    vips_image_set_kill(image, TRUE);
  }

  const std::function<bool()>& too_late_;
  std::atomic<bool> lost_{false};
};

VOption* reading() {
  return VImage::option()->set("fail_on", VIPS_FAIL_ON_ERROR)->set("access", VIPS_ACCESS_SEQUENTIAL);
}

VImage open(std::string_view bytes, VOption* how) {
  // Owned by nobody: `bytes` outlives every image made of it.
  return VImage::new_from_buffer(bytes.data(), bytes.size(), "", how);
}

void require_allowed(const VImage& image, const picture_rules& rules) {
  const auto width = image.width();
  const auto height = image.height();
  if (width > rules.max_side || height > rules.max_side ||
      static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) > rules.max_pixels) {
    throw refused{refusal::too_many_pixels};
  }
  if (width < rules.min_side || height < rules.min_side) throw refused{refusal::too_small};
  if (image.get_typeof("n-pages") != 0 && image.get_int("n-pages") > 1) throw refused{refusal::animated};
}

/// The largest power of two by which a JPEG may be made smaller while it is decoded and still have pixels enough.
int shrink_of(const VImage& image, const picture_rules& rules) {
  const int longest = std::max(image.width(), image.height());
  int shrink = 8;
  while (shrink > 1 && longest / shrink < rules.fit_side) shrink /= 2;
  return shrink;
}

VImage small_and_upright(std::string_view bytes, const picture_rules& rules, patience& waiting) {
  const auto type = look_over(bytes, rules);
  auto image = open(bytes, reading());
  require_allowed(image, rules);
  if (const int shrink = shrink_of(image, rules); type == picture_type::jpeg && shrink > 1) {
    image = open(bytes, reading()->set("shrink", shrink));
  }
  // A WebP is made smaller by any factor while it is decoded.
  if (const int longest = std::max(image.width(), image.height());
      type == picture_type::webp && longest > rules.fit_side) {
    image = open(bytes, reading()->set("scale", static_cast<double>(rules.fit_side) / longest));
  }
  waiting.watch(image);
  image = image.thumbnail_image(rules.fit_side, VImage::option()
                                                    ->set("height", rules.fit_side)
                                                    ->set("size", VIPS_SIZE_DOWN)
                                                    ->set("no_rotate", true)
                                                    ->set("export_profile", "srgb"));
  if (image.has_alpha()) image = image.flatten(VImage::option()->set("background", std::vector<double>{255, 255, 255}));
  if (image.interpretation() != VIPS_INTERPRETATION_sRGB) image = image.colourspace(VIPS_INTERPRETATION_sRGB);
  if (image.format() != VIPS_FORMAT_UCHAR) image = image.cast(VIPS_FORMAT_UCHAR);
  // All pixels are read here, in their order; turning them needs them in another one.
  return image.copy_memory().autorot();
}

std::string encode(const VImage& image, int quality) {
  VipsBlob* blob = image.jpegsave_buffer(VImage::option()->set("Q", quality)->set("strip", true));
  std::size_t size = 0;
  const auto* data = static_cast<const char*>(vips_blob_get(blob, &size));
  std::string jpeg{data, size};
  vips_area_unref(VIPS_AREA(blob));
  return jpeg;
}

std::string encode_to_fit(const VImage& image, const picture_rules& rules, patience& waiting) {
  int quality = rules.best_quality;
  auto jpeg = encode(image, quality);
  while (jpeg.size() > rules.fit_bytes && quality > rules.least_quality) {
    waiting.require();
    quality = std::max(rules.least_quality, quality - rules.quality_step);
    jpeg = encode(image, quality);
  }
  return jpeg;
}

/// Grey levels of the picture squeezed into so many cells.
std::string cells(const VImage& grey, int width, int height) {
  const auto squeezed =
      grey.thumbnail_image(width, VImage::option()->set("height", height)->set("size", VIPS_SIZE_FORCE));
  std::size_t size = 0;
  void* data = squeezed.write_to_memory(&size);
  std::string levels{static_cast<const char*>(data), size};
  g_free(data);
  return levels;
}

std::uint64_t brighter_than_next(const std::string& levels, std::size_t width, std::size_t height, std::size_t step) {
  std::uint64_t bits = 0;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t stride = step == 1 ? width + 1 : width;
      const auto at = y * stride + x;
      const bool brighter =
          static_cast<unsigned char>(levels.at(at)) > static_cast<unsigned char>(levels.at(at + step));
      bits = bits << 1 | static_cast<std::uint64_t>(brighter);
    }
  }
  return bits;
}

perceptual_hash looks_of(const VImage& image) {
  perceptual_hash hash;
  const auto grey = image.colourspace(VIPS_INTERPRETATION_B_W).copy_memory();
  hash.rows = brighter_than_next(cells(grey, 9, 8), 8, 8, 1);
  hash.columns = brighter_than_next(cells(grey, 8, 9), 8, 8, 8);
  for (int band = 0; band < 3; ++band) {
    const double mean = image.extract_band(std::min(band, image.bands() - 1)).avg();
    hash.colour.at(static_cast<std::size_t>(band)) = static_cast<std::uint8_t>(std::clamp(std::lround(mean), 0L, 255L));
  }
  return hash;
}

picture reduced(std::string_view bytes, const picture_rules& rules, patience& waiting) {
  waiting.require();
  const auto image = small_and_upright(bytes, rules, waiting);
  waiting.require();
  picture made{.jpeg = encode_to_fit(image, rules, waiting), .width = image.width(), .height = image.height()};
  made.looks = looks_of(image);
  return made;
}

}  // namespace

picture make_small(std::string_view bytes, const picture_rules& rules, const std::function<bool()>& too_late) {
  // Cheap ones first, before any library has a look.
  static_cast<void>(look_over(bytes, rules));
  std::call_once(begun, begin);
  if (!usable) throw std::runtime_error{"libvips cannot be used"};
  const thread_state state;
  patience waiting{too_late};
  try {
    return reduced(bytes, rules, waiting);
  } catch (const vips::VError&) {
    vips_error_clear();
    throw refused{waiting.lost() ? refusal::too_slow : refusal::damaged};
  }
}

}  // namespace nxg::pictures
