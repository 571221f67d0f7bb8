#include "objects/s3/trouble.hpp"

#include "objects/s3/xml.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace nxg::objects::s3 {

namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, text) != all.end();
}

/// Which setting is wrong; empty: none.
std::string wrong_setting(int status, std::string_view code, const s3_setting_names& names) {
  if (one_of(code, {"NoSuchBucket", "InvalidBucketName"})) return names.bucket;
  if (one_of(code, {"PermanentRedirect", "TemporaryRedirect", "Redirect", "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException"}))
    return names.region;
  if (code.starts_with("KMS.") || code == "InvalidEncryptionAlgorithmError") return names.encryption;
  if (code == "RequestTimeTooSkewed") return "the clock of this machine";
  if (one_of(code, {"ExpiredToken", "InvalidToken", "TokenRefreshRequired"})) return names.credentials;
  if (status == 401 || status == 403) return names.credentials;
  if (status == 301 || status == 307) return names.region;
  return {};
}

trouble kind_of(int status, std::string_view code) {
  using enum failure;
  if (one_of(code, {"SlowDown", "ServiceUnavailable", "TooManyRequests", "RequestLimitExceeded", "OperationAborted"}) ||
      status == 503 || status == 429)
    return {.how = busy, .again = true, .undone = true};
  if (one_of(code, {"RequestTimeout", "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch"}))
    return {.how = unavailable, .again = true, .undone = true};  // it did not arrive as it was sent
  if (code == "NoSuchUpload") return {.how = unavailable};
  if (status >= 500) return {.how = unavailable, .again = status != 501, .undone = status == 501};
  if (status == 404) return {.how = not_found, .undone = true};
  if (status == 412) return {.how = changed, .undone = true};
  if (status == 416) return {.how = outside, .undone = true};
  if (status >= 400) return {.how = invalid, .undone = true};
  return {.how = unavailable};
}

trouble describe(int status, const std::optional<service_error>& said, const s3_setting_names& names) {
  const std::string code = said ? said->code : std::string{};
  const std::string text = "the object store answered " + std::to_string(status) +
                           (said ? ", " + code + ": " + said->message : std::string{});
  if (const auto setting = wrong_setting(status, code, names); !setting.empty())
    return {.how = failure::denied, .text = setting + ": " + text, .undone = true};
  auto made = kind_of(status, code);
  made.text = text;
  return made;
}

}  // namespace

std::optional<trouble> trouble_of(const http::client_response& answer, const s3_setting_names& names) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  return describe(answer.status, read_error(answer.body), names);
}

std::optional<trouble> trouble_in_body(const http::client_response& answer, const s3_setting_names& names) {
  const auto said = read_error(answer.body);
  if (!said) return std::nullopt;
  return describe(500, said, names);
}

trouble trouble_of(const http::client_error& why, const s3_setting_names& names) {
  using enum failure;
  const std::string text = names.endpoint + ": " + std::string{name_of(why.how)} + ": " + why.what();
  switch (why.how) {
    case http::client_failure::invalid_request: return {.how = denied, .text = text, .undone = true};
    case http::client_failure::busy:
      return {.how = busy, .text = "too many requests to the object store are under way", .undone = true};
    case http::client_failure::resolve:
    case http::client_failure::connect: return {.how = unavailable, .text = text, .again = true, .undone = true};
    case http::client_failure::tls: return {.how = unavailable, .text = text, .undone = true};
    case http::client_failure::timeout:
    case http::client_failure::cut: return {.how = unavailable, .text = text, .again = true};
    case http::client_failure::too_large:
      return {.how = too_large, .text = "the answer of the object store is too long"};
    case http::client_failure::protocol:
    case http::client_failure::stopped: return {.how = unavailable, .text = text};
  }
  std::unreachable();
}

}  // namespace nxg::objects::s3
