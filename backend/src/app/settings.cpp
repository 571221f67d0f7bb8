#include "app/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

extern char** environ;

namespace nxg::app {

namespace {

/// What one setting is and how its text becomes a value; `read` returns what is wrong with the text, or nothing.
struct declaration {
  setting_description about;
  std::function<std::string(std::string_view)> read;
};

constexpr std::int64_t address_limit_factor_outside_production = 100;

template <class T>
std::string read_integer(std::string_view text, T& into, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return fmt::format("'{}' is not a whole number", text);
  if (value < low || value > high) return fmt::format("{} is not between {} and {}", value, low, high);
  into = static_cast<T>(value);
  return {};
}

std::string read_boolean(std::string_view text, bool& into) {
  if (text != "true" && text != "false") return fmt::format("'{}' is neither true nor false", text);
  into = text == "true";
  return {};
}

std::string read_list(std::string_view text, std::vector<std::string>& into) {
  into.clear();
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) into.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return {};
}

std::string read_choice(std::string_view text, std::string& into, const std::vector<std::string>& choices) {
  if (std::ranges::find(choices, text) == choices.end()) {
    return fmt::format("'{}' is none of {}", text, fmt::join(choices, ", "));
  }
  into = text;
  return {};
}

class declarations {
 public:
  explicit declarations(settings& values) : values_{values} {
    declare_process();
    declare_network();
    declare_storage();
    declare_limits();
    declare_outsiders();
  }

  std::vector<declaration> list;

 private:
  void declare_process() {
    add("NXG_ENV", "development | test | production", "development",
        "What this process is for. Production refuses missing or weak secrets; test adds `POST /clock` to the admin "
        "port.",
        [this](std::string_view text) {
          std::string name;
          auto problem = read_choice(text, name, {"development", "test", "production"});
          if (!problem.empty()) return problem;
          values_.env = name == "production" ? environment::production
                        : name == "test"     ? environment::test
                                             : environment::development;
          return problem;
        });
    choice("NXG_LOG_LEVEL", values_.log_level, {"debug", "info", "warn", "error"},
           "The least important log level that is written.");
    integer("NXG_IO_THREADS", values_.io_threads, 0, 256, "Threads that serve connections; 0 means one per core.");
    integer("NXG_PROCESSES", values_.processes, 1, 1000,
            "How many processes share the outside services' quotas when no Redis shares them exactly.");
    seconds("NXG_DRAIN_SECONDS", values_.drain, 0, 300, "How long SIGTERM waits for requests in progress.");
  }

  void declare_network() {
    text("NXG_BIND_ADDRESS", values_.bind_address, "Address the API listens on.");
    integer("NXG_PORT", values_.port, 0, 65535,
            "Port of the API and of Socket.IO; 0 takes a free one (see `ports.json`).");
    add("NXG_PUBLIC_URL", "text", values_.public_url,
        "The API as clients and outside services reach it, such as https://gym.example; empty means that links to "
        "files begin with a slash.",
        [this](std::string_view value) {
          if (!value.starts_with("http://") && !value.starts_with("https://"))
            return fmt::format("'{}' is no http or https address", value);
          while (value.ends_with('/')) value.remove_suffix(1);
          values_.public_url = value;
          return std::string{};
        });
    text("NXG_ADMIN_BIND_ADDRESS", values_.admin_bind_address, "Address of the admin port (metrics, health).");
    integer("NXG_ADMIN_PORT", values_.admin_port, 0, 65535, "Admin port; 0 takes a free one.");
    integer("NXG_MAX_CONNECTIONS", values_.max_connections, 16, 1'000'000,
            "Connections held at once, WebSockets among them; more are refused. At most as many as files may be "
            "opened, less 256.");
    integer("NXG_MAX_SOCKETS_PER_ACCOUNT", values_.max_sockets_per_account, 1, 1'000'000,
            "Sockets one account or machine may hold in a process, those of all namespaces together; more are ended.");
    list_of("NXG_TRUSTED_PROXIES", values_.trusted_proxies,
            "Addresses whose X-Forwarded-For is believed, comma-separated.");
    list_of(
        "NXG_CORS_ORIGINS", values_.cors_origins,
        "Origins allowed to call from browsers, comma-separated, or `*` alone for any. Outside production, localhost "
        "is allowed too.");
    add("NXG_SESSION_COOKIE", "text", values_.session_cookie,
        "Name of a cookie that tells a load balancer the id of a Socket.IO session, so that its polling requests stay "
        "with "
        "this process; empty means none.",
        [this](std::string_view value) {
          const auto is_plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
          if (!std::ranges::all_of(value, is_plain))
            return fmt::format("'{}' is no name of a cookie: letters, digits, - and _ only", value);
          values_.session_cookie = value;
          return std::string{};
        });
    text("NXG_DOCS_ASSETS", values_.docs_assets, "Folder of the npm package swagger-ui-dist, for the reference page.");
  }

  void declare_storage() {
    text("NXG_DATA_DIR", values_.data_dir, "Folder of the embedded store, keys and `ports.json`.");
    boolean("NXG_MIGRATE", values_.migrate, "Whether `serve` brings the store to this version before it starts.");
    text("NXG_MONGODB_URL", values_.mongodb_url, "MongoDB instead of the embedded store.", true);
    text("NXG_REDIS_URL", values_.redis_url, "Redis for what several processes share.", true);
    text("NXG_REDIS_CA_FILE", values_.redis_ca_file,
         "PEM file of the authorities that may have signed the certificate of Redis; empty means those of the system.");
    text("NXG_REDIS_PREFIX", values_.redis_prefix,
         "In front of all keys and channels in Redis: deployments that share a server have different ones.");
    text("NXG_S3_URL", values_.s3_url, "S3-compatible object store instead of a folder.");
    text("NXG_S3_BUCKET", values_.s3_bucket, "Bucket of the object store.");
    text("NXG_S3_ACCESS_KEY", values_.s3_access_key, "Access key of the object store.", true);
    text("NXG_S3_SECRET_KEY", values_.s3_secret_key, "Secret key of the object store.", true);
    text("NXG_S3_REGION", values_.s3_region, "Region of the object store.");
    text("NXG_S3_PREFIX", values_.s3_prefix,
         "In front of all keys of the object store: deployments that share a bucket have different ones.");
    text("NXG_S3_PUBLIC_URL", values_.s3_public_url, "The object store as clients reach it; empty means NXG_S3_URL.");
    text("NXG_S3_ENCRYPTION", values_.s3_encryption,
         "How the object store shall encrypt what it keeps: AES256 or aws:kms; empty means as the bucket is set.");
    text("NXG_S3_KMS_KEY", values_.s3_kms_key, "Key of `aws:kms`; empty means the account's own.");
    text("NXG_S3_CA_FILE", values_.s3_ca_file,
         "PEM file of the authorities that may have signed the object store's certificate; empty means those of the "
         "system.");
    text("NXG_CLOUDFRONT_URL", values_.cloudfront_url, "CloudFront distribution through which objects are read.");
    text("NXG_CLOUDFRONT_KEY_ID", values_.cloudfront_key_id, "Id of the public key the distribution trusts.");
    text("NXG_CLOUDFRONT_PRIVATE_KEY", values_.cloudfront_private_key, "The RSA key that belongs to it, PEM.", true);
    text("NXG_MASTER_KEY", values_.master_key,
         "32 random bytes, in base64 or in hexadecimal digits, that wrap all stored keys. Required in production; "
         "elsewhere made once in the data folder.",
         true);
    integer("NXG_KEY_ROTATION_DAYS", values_.key_rotation, 1, 365,
            "How long a key signs tokens, cursors or check-in codes before the next one takes its place.");
    integer("NXG_SAMPLE_RETENTION_DAYS", values_.sample_retention, 1, 3650, "How long recorded seconds are kept.");
  }

  void declare_limits() {
    const std::string times = " (times 100 outside production, unless set)";
    integer("NXG_LIMIT_PUBLIC", values_.limit_public_per_address, 1, 1'000'000'000,
            "Public requests per address and 15 minutes" + times + ".");
    integer("NXG_LIMIT_REGISTER", values_.limit_register_per_address, 1, 1'000'000'000,
            "Registrations per address and 15 minutes" + times + ".");
    integer("NXG_LIMIT_LOGIN_ADDRESS", values_.limit_login_failures_per_address, 1, 1'000'000,
            "Failed logins per address and 15 minutes" + times + ".");
    integer("NXG_LIMIT_LOGIN", values_.limit_login_failures_per_account_and_address, 1, 1'000'000,
            "Failed logins per account and address, per 15 minutes.");
    integer("NXG_LIMIT_LOGIN_ACCOUNT", values_.limit_login_failures_per_account, 1, 1'000'000,
            "Failed logins per account from addresses it never used, per 15 minutes.");
    integer("NXG_LIMIT_MEMBER", values_.limit_member, 1, 1'000'000'000,
            "Requests per signed-in person and 15 minutes.");
    integer("NXG_LIMIT_PLANS", values_.limit_plans, 1, 1'000'000,
            "Workout plans asked for per person and 10 minutes" + times + ".");
    integer("NXG_LIMIT_PICTURES", values_.limit_pictures, 1, 1'000'000,
            "Pictures of meals and corrections in words per person and 15 minutes" + times + ".");
    integer("NXG_LIMIT_MACHINE_RATE", values_.limit_machine_messages_per_second, 1, 100'000,
            "Messages per second of one machine connection.");
    integer("NXG_LIMIT_MACHINE_BURST", values_.limit_machine_burst, 1, 1'000'000,
            "Messages one machine connection may send at once.");
    integer("NXG_MINIMUM_AGE", values_.minimum_age, 13, 21, "Youngest age of a member, in years.");
  }

  void declare_outsiders() {
    text("NXG_WPS_URL", values_.wps_url, "Workout planning service; empty means plans are made by the local rules.");
    text("NXG_WPS_API_KEY", values_.wps_api_key, "API key of the workout planning service.", true);
    integer("NXG_WPS_QUOTA_PER_HOUR", values_.wps_quota_per_hour, 1, 1'000'000'000,
            "Calls per hour the planning service grants us.");
    text("NXG_MDS_URL", values_.mds_url, "Meal detection service; empty means nobody looks at pictures of meals.");
    text("NXG_MDS_TOKEN", values_.mds_token, "Bearer token of the meal detection service.", true);
    integer("NXG_MDS_QUOTA_PER_HOUR", values_.mds_quota_per_hour, 1, 1'000'000,
            "Calls per hour the meal detection service grants us.");
    text("NXG_NPS_URL", values_.nps_url,
         "Nutrition planning service; empty means diet plans are made by the local rules.");
    text("NXG_NPS_API_KEY", values_.nps_api_key, "API key of the nutrition planning service.", true);
    text("NXG_NPS_SECRET", values_.nps_secret, "What requests to the nutrition planning service are signed with.",
         true);
    integer("NXG_NPS_QUOTA_PER_DAY", values_.nps_quota_per_day, 1, 1'000'000'000,
            "Calls per day the nutrition planning service grants us; a fifth is kept for people who wait.");
    declare_scan_service();
  }

  void declare_scan_service() {
    text("NXG_SCS_URL", values_.scs_url, "3D scan service; empty means scans wait, and avatars are our own figures.");
    text("NXG_SCS_CLIENT_ID", values_.scs_client_id, "OAuth client id at the scan service.");
    text("NXG_SCS_CLIENT_SECRET", values_.scs_client_secret, "OAuth client secret at the scan service.", true);
    text("NXG_SCS_WEBHOOK_SECRET", values_.scs_webhook_secret,
         "Secret the scan service signs its webhooks with; empty means that no webhook is believed.", true);
    list_of("NXG_SCS_FILE_ORIGINS", values_.scs_file_origins,
            "Where files of the scan service may come from beside its own address, such as https://cdn.example; "
            "comma-separated.");
    integer("NXG_SCS_QUOTA_PER_HOUR", values_.scs_quota_per_hour, 1, 1'000'000'000,
            "Scans per hour the scan service grants us.");
  }

  void add(std::string name, std::string type, std::string default_value, std::string about,
           std::function<std::string(std::string_view)> read, bool secret = false) {
    list.push_back(
        {{std::move(name), std::move(type), std::move(default_value), std::move(about), secret}, std::move(read)});
  }

  void text(std::string name, std::string& into, std::string about, bool secret = false) {
    add(
        std::move(name), "text", into, std::move(about),
        [&into](std::string_view value) {
          into = value;
          return std::string{};
        },
        secret);
  }

  template <class T>
  void integer(std::string name, T& into, std::int64_t low, std::int64_t high, std::string about) {
    if constexpr (std::is_integral_v<T>) {
      add(std::move(name), fmt::format("whole number, {} to {}", low, high), fmt::to_string(into), std::move(about),
          [&into, low, high](std::string_view value) { return read_integer(value, into, low, high); });
    } else {
      add(std::move(name), fmt::format("whole number, {} to {}", low, high), fmt::to_string(into.count()),
          std::move(about),
          [&into, low, high](std::string_view value) { return read_integer(value, into, low, high); });
    }
  }

  void seconds(std::string name, std::chrono::seconds& into, std::int64_t low, std::int64_t high, std::string about) {
    integer(std::move(name), into, low, high, std::move(about));
  }

  void boolean(std::string name, bool& into, std::string about) {
    add(std::move(name), "true | false", into ? "true" : "false", std::move(about),
        [&into](std::string_view value) { return read_boolean(value, into); });
  }

  void list_of(std::string name, std::vector<std::string>& into, std::string about) {
    add(std::move(name), "list", fmt::format("{}", fmt::join(into, ",")), std::move(about),
        [&into](std::string_view value) { return read_list(value, into); });
  }

  void choice(std::string name, std::string& into, std::vector<std::string> choices, std::string about) {
    add(std::move(name), fmt::format("{}", fmt::join(choices, " | ")), into, std::move(about),
        [&into, choices](std::string_view value) { return read_choice(value, into, choices); });
  }

  settings& values_;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::optional<std::string> read_secret_file(const std::string& path) {
  std::ifstream file{path};
  if (!file) return std::nullopt;
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  return content;
}

void raise_address_limits(settings& values, const std::map<std::string, std::string>& environment) {
  const auto raise = [&](const char* name, std::int64_t& limit) {
    if (!environment.contains(name)) limit *= address_limit_factor_outside_production;
  };
  raise("NXG_LIMIT_PUBLIC", values.limit_public_per_address);
  raise("NXG_LIMIT_REGISTER", values.limit_register_per_address);
  raise("NXG_LIMIT_PLANS", values.limit_plans);
  raise("NXG_LIMIT_PICTURES", values.limit_pictures);
  raise("NXG_LIMIT_LOGIN_ADDRESS", values.limit_login_failures_per_address);
}

void check_scan_service(const settings& values, std::vector<std::string>& problems) {
  const auto is_own = [](const std::string& secret) { return !secret.empty() && secret != "sandbox"; };
  if (values.scs_client_id.empty() || !is_own(values.scs_client_secret))
    problems.emplace_back("NXG_SCS_CLIENT_ID, NXG_SCS_CLIENT_SECRET: production needs the scan service's own");
  if (!is_own(values.scs_webhook_secret))
    problems.emplace_back("NXG_SCS_WEBHOOK_SECRET: production needs the scan service's own");
  if (!values.scs_url.starts_with("https://")) problems.emplace_back("NXG_SCS_URL: production needs an https address");
  if (!values.public_url.starts_with("https://"))
    problems.emplace_back("NXG_PUBLIC_URL: the scan service has to reach us at an https address");
}

void check_together(const settings& values, std::vector<std::string>& problems) {
  if (!values.s3_url.empty() && values.s3_bucket.empty()) problems.emplace_back("NXG_S3_BUCKET: NXG_S3_URL needs one");
  if (!values.s3_url.empty() && (values.s3_access_key.empty() || values.s3_secret_key.empty()))
    problems.emplace_back("NXG_S3_ACCESS_KEY, NXG_S3_SECRET_KEY: NXG_S3_URL needs both");
  if (!values.cloudfront_url.empty() && (values.cloudfront_key_id.empty() || values.cloudfront_private_key.empty()))
    problems.emplace_back("NXG_CLOUDFRONT_KEY_ID, NXG_CLOUDFRONT_PRIVATE_KEY: NXG_CLOUDFRONT_URL needs both");
  if (values.data_dir.empty()) problems.emplace_back("NXG_DATA_DIR: may not be empty");
  if (values.env != environment::production) return;
  if (values.master_key.empty()) {
    problems.emplace_back(
        "NXG_MASTER_KEY: required in production (or NXG_MASTER_KEY_FILE); make one with `openssl rand -base64 32`");
  }
  if (!values.wps_url.empty() && (values.wps_api_key.empty() || values.wps_api_key == "sandbox")) {
    problems.emplace_back("NXG_WPS_API_KEY: production needs the planning service's own key");
  }
  if (!values.wps_url.empty() && !values.wps_url.starts_with("https://")) {
    problems.emplace_back("NXG_WPS_URL: production needs an https address");
  }
  if (!values.mds_url.empty() && (values.mds_token.empty() || values.mds_token == "sandbox")) {
    problems.emplace_back("NXG_MDS_TOKEN: production needs the meal detection service's own token");
  }
  if (!values.mds_url.empty() && !values.mds_url.starts_with("https://")) {
    problems.emplace_back("NXG_MDS_URL: production needs an https address");
  }
  if (!values.nps_url.empty() && (values.nps_api_key.empty() || values.nps_api_key == "sandbox")) {
    problems.emplace_back("NXG_NPS_API_KEY: production needs the nutrition planning service's own key");
  }
  if (!values.nps_url.empty() && (values.nps_secret.empty() || values.nps_secret == "sandbox")) {
    problems.emplace_back("NXG_NPS_SECRET: production needs the nutrition planning service's own secret");
  }
  if (!values.nps_url.empty() && !values.nps_url.starts_with("https://")) {
    problems.emplace_back("NXG_NPS_URL: production needs an https address");
  }
  if (!values.scs_url.empty()) check_scan_service(values, problems);
  if (!values.s3_url.empty() && !values.s3_url.starts_with("https://")) {
    problems.emplace_back("NXG_S3_URL: production needs an https address");
  }
}

std::string problems_text(const std::vector<std::string>& problems) {
  return fmt::format("{} setting(s) cannot be used:\n  {}", problems.size(), fmt::join(problems, "\n  "));
}

}  // namespace

settings_error::settings_error(const std::vector<std::string>& problems)
    : std::runtime_error{problems_text(problems)} {}

loaded_settings load_settings(const std::map<std::string, std::string>& environment) {
  loaded_settings result;
  const declarations known{result.values};
  std::vector<std::string> problems;
  std::vector<std::string> names;

  for (const auto& one : known.list) {
    names.push_back(one.about.name);
    const auto file = environment.find(one.about.name + "_FILE");
    const auto direct = environment.find(one.about.name);
    std::optional<std::string> value;
    if (direct != environment.end()) value = direct->second;
    if (one.about.secret && file != environment.end()) {
      names.push_back(file->first);
      if (value) problems.push_back(one.about.name + ": set both directly and by " + file->first);
      value = read_secret_file(file->second);
      if (!value) problems.push_back(fmt::format("{}: cannot read '{}'", file->first, file->second));
    }
    if (!value) continue;
    const auto problem = one.read(*value);
    if (!problem.empty())
      problems.push_back(one.about.name + ": " + (one.about.secret ? "its value cannot be used" : problem));
  }
  if (result.values.env != environment::production) raise_address_limits(result.values, environment);
  check_together(result.values, problems);
  if (!problems.empty()) throw settings_error{problems};

  for (const auto& [name, value] : environment) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto nearest =
        std::ranges::min(names, {}, [&name](const std::string& known_name) { return edit_distance(name, known_name); });
    result.warnings.push_back(fmt::format("{} is no setting; did you mean {}?", name, nearest));
  }
  return result;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (text.starts_with("NXG_") && equals != std::string_view::npos) {
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return result;
}

std::vector<setting_description> describe_settings() {
  settings defaults;
  const declarations known{defaults};
  std::vector<setting_description> result;
  for (const auto& one : known.list) result.push_back(one.about);
  return result;
}

std::string_view name_of(environment env) noexcept {
  switch (env) {
    case environment::development: return "development";
    case environment::test: return "test";
    case environment::production: return "production";
  }
  return "unknown";
}

}  // namespace nxg::app
