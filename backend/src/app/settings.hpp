#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::app {

enum class environment : std::uint8_t { development, test, production };

/// Everything that can be set from outside, with its default. Declared once in settings.cpp, which yields parsing,
/// `nxg-connect settings` and docs/settings.md.
struct settings {
  environment env = environment::development;

  std::string bind_address = "0.0.0.0";
  std::uint16_t port = 8080;
  std::string public_url;
  std::string admin_bind_address = "127.0.0.1";
  std::uint16_t admin_port = 9090;
  std::size_t io_threads = 0;
  std::size_t processes = 1;
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> cors_origins;
  std::string session_cookie;
  std::chrono::seconds drain{10};
  std::size_t max_connections = 20'000;
  std::size_t max_sockets_per_account = 64;

  std::string data_dir = "nxg-data";
  bool migrate = true;
  std::string mongodb_url;
  std::string redis_url;
  std::string redis_ca_file;
  std::string redis_prefix = "nxg:";
  std::string s3_url;
  std::string s3_bucket;
  std::string s3_access_key;
  std::string s3_secret_key;
  std::string s3_region = "us-east-1";
  std::string s3_prefix;
  std::string s3_public_url;
  std::string s3_encryption;
  std::string s3_kms_key;
  std::string s3_ca_file;
  std::string cloudfront_url;
  std::string cloudfront_key_id;
  std::string cloudfront_private_key;

  std::string master_key;

  std::string log_level = "info";
  std::string docs_assets = "node_modules/swagger-ui-dist";

  /// Per-address limits per 15 minutes; the defaults of development and test are 100 times those of production.
  std::int64_t limit_public_per_address = 100;
  std::int64_t limit_register_per_address = 12;
  std::int64_t limit_login_failures_per_address = 100;
  std::int64_t limit_login_failures_per_account_and_address = 5;
  std::int64_t limit_login_failures_per_account = 20;
  std::int64_t limit_member = 600;
  std::int64_t limit_plans = 10;
  std::int64_t limit_pictures = 60;
  std::int64_t limit_machine_messages_per_second = 20;
  std::int64_t limit_machine_burst = 100;
  int minimum_age = 16;
  std::chrono::days sample_retention{90};
  std::chrono::days key_rotation{90};

  std::string wps_url;
  std::string wps_api_key;
  std::int64_t wps_quota_per_hour = 1000;

  std::string mds_url;
  std::string mds_token;
  std::int64_t mds_quota_per_hour = 500;

  std::string nps_url;
  std::string nps_api_key;
  std::string nps_secret;
  std::int64_t nps_quota_per_day = 2000;

  std::string scs_url;
  std::string scs_client_id;
  std::string scs_client_secret;
  std::string scs_webhook_secret;
  std::vector<std::string> scs_file_origins;
  std::int64_t scs_quota_per_hour = 100;
};

/// One setting as shown to people.
struct setting_description {
  std::string name;
  std::string type;
  std::string default_value;
  std::string text;
  bool secret = false;
};

/// Names every problem of the environment at once.
class settings_error : public std::runtime_error {
 public:
  explicit settings_error(const std::vector<std::string>& problems);
};

struct loaded_settings {
  settings values;
  /// Unknown NXG_ names with the nearest known one; logged, never fatal.
  std::vector<std::string> warnings;
};

/// Reads `NXG_…` names; a name followed by `_FILE` gives the path of a file that holds the value (secrets only).
/// Throws `settings_error`.
loaded_settings load_settings(const std::map<std::string, std::string>& environment);

/// The NXG_ part of this process's environment.
std::map<std::string, std::string> process_environment();

std::vector<setting_description> describe_settings();

std::string_view name_of(environment env) noexcept;

}  // namespace nxg::app
