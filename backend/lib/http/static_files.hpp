#pragma once

#include "http/router.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {

struct static_options {
  std::string content_security_policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
      "'self'; "
      "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
  std::string cache_control = "public, max-age=3600";
  /// Names that are served, with their endings; all when empty.
  std::vector<std::string> only{};
  /// Of all files together; more is refused at start.
  std::size_t max_bytes = 32 * 1024 * 1024;
};

/// Serves the files of a folder below `prefix` (`/api/docs/assets`), to anybody. They are read once, now, and answered
/// from memory, also gzipped: no request reaches the disk, so none can reach anything else on it. Dot files and links
/// are left out. Throws `std::runtime_error` when the folder cannot be read or is too large.
void serve_folder(router& routes, std::string_view prefix, const std::filesystem::path& folder,
                  static_options options = {});

/// By the name's ending; "application/octet-stream" for others.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name) noexcept;

}  // namespace nxg::http
