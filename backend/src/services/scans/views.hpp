#pragma once

#include "models/scan.hpp"
#include "objects/object_store.hpp"
#include "runtime/clock.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::scanning {

/// How long links to files hold.
inline constexpr std::chrono::minutes link_life{5};

/// A file of a scan; whoever has the link may read it until it ends.
struct file_view {
  scan_file_kind kind = scan_file_kind::original;
  std::string url;
  instant expires_at{};
  std::string content_type;
  std::int64_t size_bytes = 0;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(file_view, (), (kind, url, expires_at, content_type, size_bytes, sha256))

struct scan_summary {
  uuid scan_id;
  scan_status processing_status = scan_status::queued;
  std::int32_t progress = 0;
  scan_origin origin = scan_origin::file;
  instant scan_date{};
  instant created_at{};
  std::optional<std::string> device_used;
  std::optional<scan_format> format;
  std::optional<avatar_source> source;
  std::optional<instant> confirmed_at;
};
BOOST_DESCRIBE_STRUCT(scan_summary, (),
                      (scan_id, processing_status, progress, origin, scan_date, created_at, device_used, format, source,
                       confirmed_at))

struct scan_view {
  uuid scan_id;
  scan_status processing_status = scan_status::queued;
  std::int32_t progress = 0;
  scan_origin origin = scan_origin::file;
  instant scan_date{};
  instant created_at{};
  std::optional<std::string> device_used;
  std::optional<std::string> notes;
  std::optional<scan_format> format;
  std::optional<scan_measurements> measurements;
  std::optional<std::string> ai_model_version;
  /// Of the avatar among the files, or (`previous`) of the one that stays.
  std::optional<avatar_source> source;
  std::vector<file_view> files;
  /// What went wrong last.
  std::optional<std::string> last_error;
  /// When the service is asked again.
  std::optional<instant> next_attempt_at;
  std::optional<instant> finished_at;
  std::optional<instant> confirmed_at;

  static constexpr schema::note descriptions[] = {
      {"files", "Links that hold five minutes; a path is below the API's address"},
      {"source",
       "Where the avatar comes from: the scan service, our own figure of height and weight, or the one before"},
      {"last_error", "One word: timed_out, breaker_open, quota_exhausted, refused_by_service, consent_withdrawn, ..."}};
};
BOOST_DESCRIBE_STRUCT(scan_view, (),
                      (scan_id, processing_status, progress, origin, scan_date, created_at, device_used, notes, format,
                       measurements, ai_model_version, source, files, last_error, next_attempt_at, finished_at,
                       confirmed_at))

/// One measure of two scans; null where a scan does not have it.
struct measure_change {
  std::string measure;
  std::optional<double> from;
  std::optional<double> to;
  std::optional<double> change;
  /// Of `from`.
  std::optional<double> change_percent;
};
BOOST_DESCRIBE_STRUCT(measure_change, (), (measure, from, to, change, change_percent))

struct scan_comparison {
  scan_summary from;
  scan_summary to;
  std::vector<measure_change> changes;
};
BOOST_DESCRIBE_STRUCT(scan_comparison, (), (from, to, changes))

struct avatar_view {
  uuid scan_id;
  std::int32_t version = 0;
  avatar_source source = avatar_source::service;
  instant made_at{};
  std::vector<file_view> files;
};
BOOST_DESCRIBE_STRUCT(avatar_view, (), (scan_id, version, source, made_at, files))

struct upload_view {
  uuid upload_id;
  std::int64_t size_bytes = 0;
  /// All parts but the last have this size.
  std::int64_t part_bytes = 0;
  std::int32_t parts = 0;
  std::vector<scan_part> arrived;
  std::vector<std::int32_t> missing;
  /// Without another part it is forgotten then.
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(upload_view, (), (upload_id, size_bytes, part_bytes, parts, arrived, missing, expires_at))

[[nodiscard]] scan_summary summary_of(const scan& one);
[[nodiscard]] scan_view view_of(const scan& one, const objects::object_store& files);
[[nodiscard]] avatar_view view_of(const avatar_version& one, const objects::object_store& files);
[[nodiscard]] scan_comparison compare(const scan& from, const scan& to);

}  // namespace nxg::scanning
