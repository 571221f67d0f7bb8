#pragma once

#include "http_client/client.hpp"
#include "objects/object_store.hpp"
#include "objects/s3.hpp"
#include "objects/s3/signature_v4.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// Objects as the headers of requests and answers have them.
namespace nxg::objects::s3 {

/// Of a put, and of the begin of an upload.
[[nodiscard]] pairs headers_of(const put_options& how, const s3_encryption& encryption);
[[nodiscard]] pairs headers_of(const s3_encryption& encryption);

/// All but key and size.
[[nodiscard]] object_info info_from(const http::client_response& answer);

/// `bytes 0-99/1234`
struct content_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};
[[nodiscard]] std::optional<content_range> read_content_range(std::string_view text);

}  // namespace nxg::objects::s3
