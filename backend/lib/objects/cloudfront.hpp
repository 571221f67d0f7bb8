#pragma once

#include "runtime/clock.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::objects {

struct cloudfront_options {
  /// Of the distribution, without a '/' at the end: `https://d111111abcdef8.cloudfront.net`.
  std::string url;
  /// Of the public key that the distribution trusts.
  std::string key_pair_id;
  /// RSA, PEM.
  std::string private_key;
};

/// A permission that says more than when it ends.
struct cloudfront_policy {
  /// The URL, without the parameters of the signature; may hold '*' and '?'.
  std::string resource;
  instant expires{};
  std::optional<instant> not_before{};
  /// An address, or a range such as 192.0.2.0/24; empty: any.
  std::string address{};
};

/// Signed URLs of Amazon CloudFront: SHA-1 with RSA (PKCS #1 1.5), which is what CloudFront verifies.
/// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
/// Thread-safe.
class cloudfront_signer {
 public:
  /// Throws `std::invalid_argument` where that is no RSA key or no id of one.
  cloudfront_signer(std::string key_pair_id, std::string_view private_key);
  ~cloudfront_signer();
  cloudfront_signer(cloudfront_signer&&) noexcept;
  cloudfront_signer& operator=(cloudfront_signer&&) noexcept;

  /// By a canned policy, which only names this URL and the end.
  [[nodiscard]] std::string sign(const std::string& url, instant expires) const;
  /// By a custom policy, which travels in the URL.
  [[nodiscard]] std::string sign(const std::string& url, const cloudfront_policy& policy) const;

  /// The JSON that is signed. Throws `std::invalid_argument` where a text would not stand in it as it is.
  [[nodiscard]] static std::string canned_policy(std::string_view url, instant expires);
  [[nodiscard]] static std::string custom_policy(const cloudfront_policy& policy);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::objects
