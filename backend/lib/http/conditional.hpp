#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::http {

/// A strong entity tag of this content, quotes included.
[[nodiscard]] std::string content_tag(std::string_view content);
/// The tag of the same content gzipped: `"abc"` to `"abc-gzip"`.
[[nodiscard]] std::string gzip_tag(std::string_view tag);

/// Whether a list of entity tags (`If-None-Match`) names `tag`, in its plain or gzipped form, by weak comparison; `*`
/// matches everything. A malformed list matches nothing.
[[nodiscard]] bool names_tag(std::string_view list, std::string_view tag) noexcept;

/// Whether `Accept-Encoding` takes gzip: named, or by `*`, and not with q=0.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding) noexcept;

/// Worth compressing: text, JSON, scripts, SVG.
[[nodiscard]] bool is_compressible(std::string_view content_type) noexcept;

/// Makes gzip, with its memory (256 KiB) kept between uses. Not thread-safe.
class gzip_encoder {
 public:
  gzip_encoder();
  ~gzip_encoder();
  gzip_encoder(gzip_encoder&&) noexcept;
  gzip_encoder& operator=(gzip_encoder&&) noexcept;

  [[nodiscard]] std::string encode(std::string_view content);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::http
