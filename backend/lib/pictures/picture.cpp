#include "pictures/picture.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstdlib>

namespace nxg::pictures {
namespace {

constexpr int most_different_bits = 6;
constexpr int most_different_colour = 6;

std::string_view sentence(refusal why) {
  switch (why) {
    case refusal::empty: return "The picture is empty.";
    case refusal::too_large: return "The picture has too many bytes.";
    case refusal::unsupported: return "The picture is no JPEG, PNG or WebP.";
    case refusal::animated: return "The picture moves; send one that stands still.";
    case refusal::too_small: return "The picture is too small to show anything.";
    case refusal::too_many_pixels: return "The picture has too many pixels.";
    case refusal::damaged: return "The picture is damaged or cut off.";
    case refusal::too_slow: return "The picture takes too long to read.";
  }
  return "The picture cannot be used.";
}

std::optional<std::uint64_t> number_in(std::string_view hex) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  if (error != std::errc{} || end != hex.data() + hex.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view to_string(refusal why) noexcept {
  switch (why) {
    case refusal::empty: return "empty";
    case refusal::too_large: return "too_large";
    case refusal::unsupported: return "unsupported";
    case refusal::animated: return "animated";
    case refusal::too_small: return "too_small";
    case refusal::too_many_pixels: return "too_many_pixels";
    case refusal::damaged: return "damaged";
    case refusal::too_slow: return "too_slow";
  }
  return "damaged";
}

refused::refused(refusal what) : std::runtime_error{std::string{sentence(what)}}, why_{what} {}

std::string perceptual_hash::to_string() const {
  return fmt::format("{:016x}{:016x}{:02x}{:02x}{:02x}", rows, columns, colour[0], colour[1], colour[2]);
}

std::optional<perceptual_hash> perceptual_hash::parse(std::string_view text) {
  if (text.size() != 38) return std::nullopt;
  const auto rows = number_in(text.substr(0, 16));
  const auto columns = number_in(text.substr(16, 16));
  const auto colour = number_in(text.substr(32));
  if (!rows || !columns || !colour) return std::nullopt;
  perceptual_hash hash{.rows = *rows, .columns = *columns};
  hash.colour = {static_cast<std::uint8_t>(*colour >> 16), static_cast<std::uint8_t>((*colour >> 8) & 0xFF),
                 static_cast<std::uint8_t>(*colour & 0xFF)};
  return hash;
}

bool look_alike(const perceptual_hash& one, const perceptual_hash& other) noexcept {
  if (std::popcount(one.rows ^ other.rows) + std::popcount(one.columns ^ other.columns) > most_different_bits) {
    return false;
  }
  for (std::size_t i = 0; i < one.colour.size(); ++i) {
    if (std::abs(int{one.colour[i]} - int{other.colour[i]}) > most_different_colour) return false;
  }
  return true;
}

}  // namespace nxg::pictures
