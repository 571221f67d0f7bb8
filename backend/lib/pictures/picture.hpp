#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::pictures {

/// What is taken; told from the content, never from a name or a header.
enum class picture_type : std::uint8_t { jpeg, png, webp };

/// Why a picture is not taken.
enum class refusal : std::uint8_t {
  empty,        ///< no bytes at all
  too_large,    ///< more bytes than allowed
  unsupported,  ///< no JPEG, PNG or WebP
  animated,     ///< more than one picture in one
  too_small,    ///< too few pixels on one side to show anything
  too_many_pixels,
  damaged,   ///< cut off, or no such picture at all
  too_slow,  ///< reading it took longer than it may
};

[[nodiscard]] std::string_view to_string(refusal why) noexcept;

/// `what()` is a sentence that may be shown to whoever sent the picture.
class refused : public std::runtime_error {
 public:
  explicit refused(refusal what);
  [[nodiscard]] refusal why() const noexcept { return why_; }

 private:
  refusal why_;
};

struct picture_rules {
  std::size_t max_bytes = 10u << 20;
  /// Width times height, looked at before a pixel is read.
  std::uint64_t max_pixels = 64'000'000;
  std::int32_t min_side = 16;
  std::int32_t max_side = 16'384;
  /// What comes out fits into a square of this side.
  std::int32_t fit_side = 1'024;
  std::size_t fit_bytes = 1u << 20;
  int best_quality = 85;
  int quality_step = 10;
  int least_quality = 15;
};

/// What a picture looks like, whatever its size and compression: 64 comparisons of neighbours along the rows, 64 along
/// the columns (difference hash), and the mean colour.
struct perceptual_hash {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::array<std::uint8_t, 3> colour{};

  /// 38 digits and letters.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] static std::optional<perceptual_hash> parse(std::string_view text);
  friend bool operator==(const perceptual_hash&, const perceptual_hash&) = default;
};

/// Whether two pictures are copies of one another to an eye: at most 6 of 128 comparisons differ, and no channel of the
/// mean colour by more than 6 of 255.
[[nodiscard]] bool look_alike(const perceptual_hash& one, const perceptual_hash& other) noexcept;

struct picture {
  /// A JPEG in sRGB, upright, with nothing in it but pixels.
  std::string jpeg;
  std::int32_t width = 0;
  std::int32_t height = 0;
  perceptual_hash looks;
};

}  // namespace nxg::pictures
