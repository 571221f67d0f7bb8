#pragma once

#include "objects/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The presigned URLs of `open_folder`, for the route that serves them.
namespace nxg::objects {

/// What a URL permits.
struct url_permission {
  std::string key;
  /// PUT: the type and exact size of what may be put.
  std::string content_type{};
  std::uint64_t size = 0;
  /// GET: for `Content-Disposition: attachment`; empty: none.
  std::string file_name{};
  instant expires{};
};

enum class url_refusal : std::uint8_t {
  not_ours,  ///< the signature is wrong or missing, or what it signs is no permission for this method
  expired,
};

/// Whether `target`, all that follows `base_url + "/"` in the requested URL as it was received (path and query), is a
/// permission signed with that secret. HEAD is permitted where GET is.
[[nodiscard]] std::variant<url_permission, url_refusal> verify_folder_url(std::string_view url_secret,
                                                                          std::string_view method,
                                                                          std::string_view target, instant now);

/// The target of such a URL; for `open_folder`, and for tests. `method` is GET or PUT.
[[nodiscard]] std::string sign_folder_url(std::string_view url_secret, std::string_view method,
                                          const url_permission& what);

}  // namespace nxg::objects
