#pragma once

#include "http/openapi.hpp"

#include <filesystem>
#include <optional>

namespace nxg::http {

struct reference_options {
  /// The `swagger-ui-dist` folder; without it `/api/docs` links to the document only.
  std::optional<std::filesystem::path> assets{};
};

/// Mounts, for anybody and outside the document: `/api/openapi.json`, `/api/docs` (Swagger UI from the assets, nothing
/// from elsewhere, under a content security policy) and `/api/docs/errors`, the table of error codes that the `type` of
/// problems points into. All are derived from the sealed table at the first request. `routes` must be the router they
/// are served by.
void mount_reference(router& routes, api_description about, const reference_options& options);

}  // namespace nxg::http
