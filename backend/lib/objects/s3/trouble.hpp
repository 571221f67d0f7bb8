#pragma once

#include "http_client/client.hpp"
#include "objects/errors.hpp"
#include "objects/s3.hpp"

#include <optional>
#include <string>

namespace nxg::objects::s3 {

/// Why a try brought nothing.
struct trouble {
  failure how = failure::unavailable;
  std::string text{};
  bool again = false;   ///< another try may do better
  bool undone = false;  ///< surely nothing was done
};

/// What an answer of the service means; nothing: it is a good one.
/// Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
[[nodiscard]] std::optional<trouble> trouble_of(const http::client_response& answer, const s3_setting_names& names);
/// The same for an answer of status 200 that may be an error all the same.
[[nodiscard]] std::optional<trouble> trouble_in_body(const http::client_response& answer,
                                                     const s3_setting_names& names);
[[nodiscard]] trouble trouble_of(const http::client_error& why, const s3_setting_names& names);

}  // namespace nxg::objects::s3
