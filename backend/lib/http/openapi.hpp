#pragma once

#include "http/router.hpp"

#include <map>
#include <string>
#include <vector>

namespace nxg::http {

/// What the document says beside its operations.
struct api_description {
  std::string title;
  std::string version;
  /// CommonMark.
  std::string description{};
  /// Addresses; "/" when empty.
  std::vector<std::string> servers{};
  struct tag {
    std::string name;
    std::string description;
  };
  std::vector<tag> tags{};
  /// Codes that authentication, limits and the like may answer on any route that is not open, beside the library's own.
  std::vector<declared_error> common_errors{};
  /// For people: what the application's codes mean and what to do about them, by code, in CommonMark. Those of the
  /// library have theirs.
  std::map<std::string, std::string> code_meanings{};
};

/// The OpenAPI 3.1 document of a sealed router, derived from its declarations: the same text for the same table.
/// Hidden routes are left out.
[[nodiscard]] std::string openapi_document(const router& routes, const api_description& about);

}  // namespace nxg::http
