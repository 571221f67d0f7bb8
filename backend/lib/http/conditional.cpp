#include "http/conditional.hpp"

#include "http/header_fields.hpp"

#include <boost/hash2/xxhash.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace nxg::http {

namespace {

constexpr std::string_view gzip_suffix = "-gzip";
constexpr int gzip_level = 5;
constexpr int gzip_window = 15 + 16;
constexpr int gzip_memory = 8;

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Between the quotes, without the mark of the gzipped form.
std::string_view bare(std::string_view tag) noexcept {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') return {};
  tag = tag.substr(1, tag.size() - 2);
  if (tag.ends_with(gzip_suffix)) tag.remove_suffix(gzip_suffix.size());
  return tag;
}

/// `q=0`, `q=0.0`, ...: the coding is refused.
bool is_refused(std::string_view parameters) noexcept {
  const auto weight = trimmed(parameters);
  if (weight.size() < 3 || (weight[0] != 'q' && weight[0] != 'Q') || weight[1] != '=') return false;
  return std::ranges::all_of(weight.substr(2), [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

std::string content_tag(std::string_view content) {
  boost::hash2::xxhash_64 hash;
  hash.update(content.data(), content.size());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag(18, '"');
  auto left = hash.result();
  for (std::size_t i = 1; i <= 16; ++i, left >>= 4) tag[i] = digits[left & 15];
  return tag;
}

std::string gzip_tag(std::string_view tag) {
  if (!tag.ends_with('"')) return std::string{tag};
  return std::string{tag.substr(0, tag.size() - 1)}.append(gzip_suffix).append("\"");
}

bool names_tag(std::string_view list, std::string_view tag) noexcept {
  list = trimmed(list);
  if (list == "*") return true;
  const auto wanted = bare(tag);
  bool found = false;
  while (!list.empty()) {
    // A tag may contain commas: it ends at its second quote.
    const auto open = list.find('"');
    const auto before = trimmed(list.substr(0, open));
    if (open == std::string_view::npos || (!before.empty() && before != "W/")) return false;
    const auto close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    found = found || bare(list.substr(open, close - open + 1)) == wanted;
    list = trimmed(list.substr(close + 1));
    if (list.empty()) break;
    if (list.front() != ',') return false;
    list = trimmed(list.substr(1));
  }
  return found;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  bool named = false;
  bool accepted = false;
  for_each_in_list(accept_encoding, [&](std::string_view item) {
    const auto semicolon = item.find(';');
    const auto coding = trimmed(item.substr(0, semicolon));
    const bool is_gzip = equal_ignoring_case(coding, "gzip");
    if (!is_gzip && (coding != "*" || named)) return;
    named = named || is_gzip;
    accepted = semicolon == std::string_view::npos || !is_refused(item.substr(semicolon + 1));
  });
  return accepted;
}

bool is_compressible(std::string_view content_type) noexcept {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  static constexpr std::array<std::string_view, 4> others{"application/json", "application/problem+json",
                                                          "application/javascript", "image/svg+xml"};
  return type.starts_with("text/") || std::ranges::find(others, type) != others.end();
}

struct gzip_encoder::state {
  state() {
    if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, gzip_memory, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc{};
    }
  }
  ~state() { deflateEnd(&stream); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  z_stream stream{};
};

gzip_encoder::gzip_encoder() = default;
gzip_encoder::~gzip_encoder() = default;
gzip_encoder::gzip_encoder(gzip_encoder&&) noexcept = default;
gzip_encoder& gzip_encoder::operator=(gzip_encoder&&) noexcept = default;

std::string gzip_encoder::encode(std::string_view content) {
  if (state_) {
    deflateReset(&state_->stream);
  } else {
    state_ = std::make_unique<state>();
  }
  auto& stream = state_->stream;
  std::string encoded(deflateBound(&stream, content.size()), '\0');
  // zlib's interface is not const; it does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(encoded.data());
  stream.avail_out = static_cast<uInt>(encoded.size());
  deflate(&stream, Z_FINISH);
  encoded.resize(encoded.size() - stream.avail_out);
  return encoded;
}

}  // namespace nxg::http
