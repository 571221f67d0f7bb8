#pragma once

#include "http/openapi.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nxg::http {

struct reference_link {
  std::string text;
  std::string address;
};

struct reference_options {
  /// The `swagger-ui-dist` folder; without it `/api/docs` has its links only.
  std::optional<std::filesystem::path> assets{};
  /// What else there is to read, beside the document and the error codes.
  std::vector<reference_link> links{};
  /// CSS of the pages that are not Swagger UI's.
  std::string style{};
};

/// Mounts, for anybody and outside the document: `/api/openapi.json`, `/api/docs` (Swagger UI from the assets, nothing
/// from elsewhere, under a content security policy) and `/api/docs/errors`, the error codes that the `type` of problems
/// points into: what each means, and who answers with it. All are derived from the sealed table at the first request.
/// `routes` must be the router they are served by.
void mount_reference(router& routes, api_description about, const reference_options& options);

}  // namespace nxg::http
