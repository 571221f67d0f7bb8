#include "objects/s3/settings.hpp"

#include "objects/detail/rules.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::objects::s3 {

namespace {

constexpr std::size_t least_part = 5u << 20;  // of S3, for all parts but the last
constexpr std::size_t longest_prefix = 100;

void require(bool good, const std::string& setting, const char* what) {
  if (!good) throw unusable{setting + ": " + what};
}

bool only(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

void require_prefix(const s3_options& options) {
  const bool ended = options.prefix.empty() || options.prefix.ends_with('/');
  bool good = ended && options.prefix.size() <= longest_prefix;
  try {
    detail::require_prefix(options.prefix);
  } catch (const error&) {
    good = false;
  }
  require(good, options.settings.bucket, "the prefix of keys is no path that ends with '/'");
}

void require_url(const s3_options& options) {
  if (!options.cloudfront) return;
  const std::string& url = options.cloudfront->url;
  require(url.starts_with("https://") && !url.ends_with('/'), options.settings.cloudfront,
          "it is https://host without a '/' at its end");
}

}  // namespace

void require_usable(const s3_options& options) {
  const auto& names = options.settings;
  const bool named = options.bucket.size() >= 3 && options.bucket.size() <= 63 && only(options.bucket, "-.");
  require(named, names.bucket, "a bucket is named by 3 to 63 lower-case letters, digits, '-' and '.'");
  require(!options.region.empty() && only(options.region, "-"), names.region, "that is no name of a region");
  require_prefix(options);
  require_url(options);
  const auto keys = options.credentials ? options.credentials() : s3_credentials{};
  require(!keys.access_key_id.empty() && !keys.secret_access_key.empty(), names.credentials,
          "the access key or its secret is missing");
  const auto& how = options.encryption.algorithm;
  require(how.empty() || how == "AES256" || how == "aws:kms", names.encryption, "it is AES256, aws:kms, or empty");
  require(options.encryption.kms_key_id.empty() || how == "aws:kms", names.encryption,
          "a key of KMS needs the algorithm aws:kms");
  if (options.part_bytes < least_part || options.part_bytes > max_put_bytes || options.retry.max_attempts == 0 ||
      options.slowest_bytes_per_second == 0)
    throw std::invalid_argument{"options of the object store out of range"};
}

}  // namespace nxg::objects::s3
