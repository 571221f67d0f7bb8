#include "pictures/sniff.hpp"

namespace nxg::pictures {
namespace {

using namespace std::string_view_literals;

constexpr auto png_signature = "\x89PNG\r\n\x1a\n"sv;
// Cameras make progressive pictures of some ten scans.
constexpr int most_scans = 64;

std::uint32_t octet(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  return octet(bytes, at) << 24 | octet(bytes, at + 1) << 16 | octet(bytes, at + 2) << 8 | octet(bytes, at + 3);
}

// Chunks up to the first pixels: an animation says so before them (APNG, acTL).
void look_over_png(std::string_view bytes) {
  for (std::size_t at = png_signature.size(); at + 8 <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at);
    const auto name = bytes.substr(at + 4, 4);
    if (name == "acTL") throw refused{refusal::animated};
    if (name == "IDAT" || length > bytes.size() - at) return;
    at += length + 12;
  }
}

// The extended header has a flag for animations (RFC 9649, section 2.7.1).
void look_over_webp(std::string_view bytes) {
  constexpr std::uint32_t animation = 0x02;
  if (bytes.size() > 20 && bytes.substr(12, 4) == "VP8X" && (octet(bytes, 20) & animation) != 0) {
    throw refused{refusal::animated};
  }
}

// Where the next marker stands at or after `at`: an FF that is followed by neither 00 (an escaped FF of the pixels), a
// restart marker nor another FF.
std::size_t next_marker(std::string_view bytes, std::size_t at) {
  for (at = bytes.find('\xFF', at); at != std::string_view::npos && at + 1 < bytes.size();
       at = bytes.find('\xFF', at + 1)) {
    const auto code = octet(bytes, at + 1);
    if (code != 0x00 && code != 0xFF && (code < 0xD0 || code > 0xD7)) return at;
  }
  return bytes.size();
}

// A progressive picture may have any number of scans, each as slow as the whole picture, and the decoder cannot be
// stopped in them. What phones append after the end (a film, a second picture) is not looked at.
void look_over_jpeg(std::string_view bytes) {
  int scans = 0;
  for (std::size_t at = next_marker(bytes, 2); at + 4 <= bytes.size(); at = next_marker(bytes, at)) {
    const auto code = octet(bytes, at + 1);
    if (code == 0xD9) return;
    if (code == 0xDA && ++scans > most_scans) throw refused{refusal::too_slow};
    const bool bare = code == 0x01 || code == 0xD8;
    at += bare ? 2 : 2 + (octet(bytes, at + 2) << 8 | octet(bytes, at + 3));
  }
}

}  // namespace

std::optional<picture_type> sniff(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return picture_type::jpeg;
  if (bytes.starts_with(png_signature)) return picture_type::png;
  if (bytes.size() >= 16 && bytes.starts_with("RIFF"sv) && bytes.substr(8, 7) == "WEBPVP8"sv) {
    return picture_type::webp;
  }
  return std::nullopt;
}

picture_type look_over(std::string_view bytes, const picture_rules& rules) {
  if (bytes.empty()) throw refused{refusal::empty};
  if (bytes.size() > rules.max_bytes) throw refused{refusal::too_large};
  const auto type = sniff(bytes);
  if (!type) throw refused{refusal::unsupported};
  switch (*type) {
    case picture_type::jpeg: look_over_jpeg(bytes); break;
    case picture_type::png: look_over_png(bytes); break;
    case picture_type::webp: look_over_webp(bytes); break;
  }
  return *type;
}

}  // namespace nxg::pictures
