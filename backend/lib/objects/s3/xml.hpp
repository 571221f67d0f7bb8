#pragma once

#include "objects/object_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What S3 says in XML. Nothing where a text is not of that kind.
namespace nxg::objects::s3 {

struct service_error {
  std::string code;
  std::string message;
};
[[nodiscard]] std::optional<service_error> read_error(std::string_view body);

/// Keys without `prefix`, which all of them begin with; what is no key of ours is left out.
[[nodiscard]] std::optional<list_page> read_list(std::string_view body, std::string_view prefix);

[[nodiscard]] std::optional<std::string> read_upload_id(std::string_view body);

/// The etag of a completed upload.
[[nodiscard]] std::optional<std::string> read_completed(std::string_view body);

/// The body of CompleteMultipartUpload; parts count from 1.
[[nodiscard]] std::string completion_of(const std::vector<std::string>& etags_of_parts);

/// Without the quotes, and the W/ of a weak one.
[[nodiscard]] std::string bare_etag(std::string_view etag);

}  // namespace nxg::objects::s3
