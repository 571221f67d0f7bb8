#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// AWS Signature Version 4, for requests with headers and for presigned URLs.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
namespace nxg::objects::s3 {

/// SHA-256 of nothing, in hexadecimal.
inline constexpr std::string_view hash_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// Instead of a hash: the content is not signed.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

using pairs = std::vector<std::pair<std::string, std::string>>;

struct v4_key {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token{};  ///< of temporary credentials
  std::string region;
  std::string service = "s3";
};

struct v4_request {
  std::string method;
  std::string path = "/";  ///< percent-encoded, as it is sent
  pairs query{};           ///< not encoded, in any order
  pairs headers{};         ///< `host` among them; all are signed
  std::string payload_hash{hash_of_nothing};
};

struct v4_signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  std::string signed_headers;
  std::string scope;
};

/// As sent: encoded and joined by '&', in the order in which it is signed.
[[nodiscard]] std::string query_text(const pairs& query);

/// `YYYYMMDDTHHMMSSZ`
[[nodiscard]] std::string v4_time(instant at);

/// The signature alone, of exactly these headers and this query, made at `at`.
[[nodiscard]] v4_signature sign_v4(const v4_key& by, const v4_request& what, instant at);

/// Adds `x-amz-date`, the session token and `authorization` to the headers of a request.
void authorize_v4(const v4_key& by, v4_request& what, instant at);

/// The query of a presigned request, encoded: its own, and all that the signature needs. `what.headers` are those that
/// must come with it.
[[nodiscard]] std::string presign_v4(const v4_key& by, v4_request what, instant at, std::chrono::seconds valid);

}  // namespace nxg::objects::s3
