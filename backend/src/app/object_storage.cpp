#include "app/object_storage.hpp"

#include "objects/folder.hpp"
#include "objects/s3.hpp"
#include "routes/objects.hpp"

#include <filesystem>
#include <utility>

namespace nxg::app {

namespace {

objects::s3_options s3_of(const settings& values) {
  objects::s3_options result;
  result.endpoint = values.s3_url;
  result.public_endpoint = values.s3_public_url;
  result.region = values.s3_region;
  result.bucket = values.s3_bucket;
  result.prefix = values.s3_prefix;
  result.credentials = [id = values.s3_access_key, secret = values.s3_secret_key] {
    return objects::s3_credentials{id, secret};
  };
  result.encryption.algorithm = values.s3_encryption;
  result.encryption.kms_key_id = values.s3_kms_key;
  result.authorities_file = values.s3_ca_file;
  if (!values.cloudfront_url.empty()) {
    result.cloudfront =
        objects::cloudfront_options{values.cloudfront_url, values.cloudfront_key_id, values.cloudfront_private_key};
  }
  result.settings.endpoint = "NXG_S3_URL";
  result.settings.credentials = "NXG_S3_ACCESS_KEY";
  return result;
}

objects::folder_options folder_of(const settings& values, const std::string& url_secret) {
  objects::folder_options result;
  result.path = std::filesystem::path{values.data_dir} / "objects";
  result.base_url = values.public_url + std::string{routes::objects_path};
  result.url_secret = url_secret;
  return result;
}

}  // namespace

object_storage::object_storage(const settings& values, platform& on, const std::string& url_secret, executor where)
    : log_{on.log},
      store_{values.s3_url.empty() ? objects::open_folder(on.time, on.random, folder_of(values, url_secret))
                                   : objects::open_s3(std::move(where), on.time_outside, on.random, s3_of(values))} {
  const auto count = [&](std::string_view name, std::string_view help, auto read) {
    registrations_.push_back(on.metrics.counter_from(
        name, help, {}, [store = store_, read] { return static_cast<double>(read(store->figures())); }));
  };
  using figures = objects::figures;
  count("nxg_objects_calls_total", "Calls to the object store", [](const figures& now) { return now.calls; });
  count("nxg_objects_failed_calls_total", "Calls the object store did not carry out",
        [](const figures& now) { return now.failed_calls; });
  count("nxg_objects_retries_total", "Tries after the first of a call", [](const figures& now) { return now.retries; });
  registrations_.push_back(
      on.metrics.gauge_from("nxg_objects_buffered_bytes", "Content held on its way", {},
                            [store = store_] { return static_cast<double>(store->figures().buffered_bytes); }));
}

task<void> object_storage::look() {
  std::string trouble;
  try {
    co_await store_->check();
  } catch (const objects::error& why) {
    trouble = why.what();
  }
  const bool was_away = away_.exchange(!trouble.empty());
  if (!trouble.empty()) {
    log_.repeated(telemetry::log_level::warn, "the object store cannot be used", {{"error", trouble}});
  } else if (was_away) {
    log_.info("the object store can be used again");
  }
}

health_check object_storage::state() const {
  if (!away_) return {"objects", health_status::ok, ""};
  return {"objects", health_status::degraded, "the object store cannot be used: no pictures, no scans"};
}

}  // namespace nxg::app
