#pragma once

#include <string>
#include <string_view>

namespace nxg::objects::s3 {

/// Where a bucket is: an endpoint as URLs and signatures need it.
struct place {
  std::string origin;  ///< `https://host:port`, a port of the scheme's own left out
  std::string host;    ///< as the header has it
  std::string path;    ///< in front of the bucket: empty, or `/so`

  /// Throws `unusable`, beginning with `setting`.
  [[nodiscard]] static place parse(std::string_view endpoint, const std::string& setting);

  /// Of an object, or of the bucket where `key` is empty; percent-encoded.
  [[nodiscard]] std::string path_of(std::string_view bucket, std::string_view key) const;
};

}  // namespace nxg::objects::s3
