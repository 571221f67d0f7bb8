#pragma once

#include "objects/cloudfront.hpp"
#include "objects/object_store.hpp"
#include "resilience/retry_policy.hpp"
#include "runtime/random.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nxg::objects {

struct s3_credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token{};  ///< of temporary ones
};

/// How the service shall encrypt what it keeps.
struct s3_encryption {
  /// `AES256` or `aws:kms`; empty: as the bucket is set.
  std::string algorithm{};
  /// With `aws:kms`; empty: the account's own.
  std::string kms_key_id{};
};

/// What error messages call the settings.
struct s3_setting_names {
  std::string endpoint = "NXG_S3_ENDPOINT";
  std::string region = "NXG_S3_REGION";
  std::string bucket = "NXG_S3_BUCKET";
  std::string credentials = "NXG_S3_ACCESS_KEY_ID";
  std::string encryption = "NXG_S3_ENCRYPTION";
  std::string cloudfront = "NXG_CLOUDFRONT_URL";
};

struct s3_options {
  /// `https://s3.eu-central-1.amazonaws.com`, also with a port and a path; http for a service next door. Buckets are
  /// named in the path.
  std::string endpoint;
  /// The endpoint in presigned URLs, where others know the service by another name; empty: the same.
  std::string public_endpoint{};
  std::string region = "us-east-1";
  std::string bucket;
  /// In front of every key, such as `production/`: deployments that share a bucket have different ones.
  std::string prefix{};
  /// Asked for every request, so that temporary ones can be renewed; must not block, may be called on any thread.
  std::function<s3_credentials()> credentials;
  s3_encryption encryption{};
  /// With it, presigned GETs are signed URLs of CloudFront, and file names are not signed into them.
  std::optional<cloudfront_options> cloudfront{};
  /// PEM file of the authorities that may have signed the service's certificate; empty: those of the system.
  std::string authorities_file{};
  s3_setting_names settings{};

  std::size_t part_bytes = 8u << 20;  ///< of an upload; 5 MiB to 64 MiB
  std::size_t max_running = 64;       ///< requests under way; more are refused with `busy`
  /// Of a try: so long, and the time its content takes at the slowest rate that is still patience.
  std::chrono::milliseconds try_time_out{5'000};
  std::size_t slowest_bytes_per_second = 1u << 20;
  /// Of a call with all its tries, content on top as above.
  std::chrono::milliseconds time_out{10'000};
  resilience::retry_options retry{};
};

/// Objects in Amazon S3 or a service that speaks its protocol. Requests are signed by Signature Version 4, content
/// included; what may be repeated is tried again when the service is away or asks for a pause.
///
/// Throws `unusable` where a setting makes no sense. Connections live on `where`, one thread's: destroy the store
/// there, or when it no longer runs. `time` and `random` must outlive it.
std::shared_ptr<object_store> open_s3(executor where, runtime::clock& time, runtime::random& random,
                                      s3_options options);

}  // namespace nxg::objects
