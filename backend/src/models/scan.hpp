#pragma once

#include "models/user.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

/// Of a scan file, by its content.
enum class scan_format : std::uint8_t { obj, glb, ply, csv, pdf, json };
BOOST_DESCRIBE_ENUM(scan_format, obj, glb, ply, csv, pdf, json)

/// `queued`: kept, and waits for the scan service. `uploading`: on its way to it. `processing`: the service is at work.
enum class scan_status : std::uint8_t { queued, uploading, processing, completed, failed };
BOOST_DESCRIBE_ENUM(scan_status, queued, uploading, processing, completed, failed)

/// How a scan came: a file, or measurements somebody already had.
enum class scan_origin : std::uint8_t { file, measurements };
BOOST_DESCRIBE_ENUM(scan_origin, file, measurements)

/// Where an avatar comes from: the scan service, our own figure of the member's height and weight, or the avatar the
/// member had before.
enum class avatar_source : std::uint8_t { service, parametric, previous };
BOOST_DESCRIBE_ENUM(avatar_source, service, parametric, previous)

enum class scan_file_kind : std::uint8_t { original, mesh, thumbnail };
BOOST_DESCRIBE_ENUM(scan_file_kind, original, mesh, thumbnail)

/// Girths in cm; of the body as a whole what a scanner or a scale with electrodes tells.
struct scan_measurements {
  std::optional<schema::bounded<double, 30.0, 250.0>> chest_cm;
  std::optional<schema::bounded<double, 30.0, 250.0>> waist_cm;
  std::optional<schema::bounded<double, 30.0, 250.0>> hips_cm;
  std::optional<schema::bounded<double, 10.0, 100.0>> arms_cm;
  std::optional<schema::bounded<double, 20.0, 150.0>> thighs_cm;
  std::optional<schema::bounded<double, 50.0, 300.0>> height_cm;
  std::optional<schema::bounded<double, 20.0, 500.0>> weight_kg;
  std::optional<schema::bounded<double, 1.0, 80.0>> body_fat_percentage;
  std::optional<schema::bounded<double, 1.0, 150.0>> skeletal_muscle_mass_kg;
};
BOOST_DESCRIBE_STRUCT(scan_measurements, (),
                      (chest_cm, waist_cm, hips_cm, arms_cm, thighs_cm, height_cm, weight_kg, body_fat_percentage,
                       skeletal_muscle_mass_kg))

/// True when nothing was measured.
[[nodiscard]] bool is_empty(const scan_measurements& all) noexcept;

/// A file of a scan in the object store.
struct scan_file {
  scan_file_kind kind = scan_file_kind::original;
  std::string key;
  std::string content_type;
  std::int64_t size_bytes = 0;
  /// Lower-case hexadecimal.
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(scan_file, (), (kind, key, content_type, size_bytes, sha256))

using scan_notes = schema::text<1, 500>;

/// One scan of a member's body. A removed one stays as a stub without any content until its day is over, so that
/// removing does not buy another scan.
struct scan {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  /// The member, or who of the staff did it for them.
  uuid uploaded_by;
  scan_origin origin = scan_origin::file;
  /// False once it is being removed.
  bool visible = true;
  /// The member's day it takes the place of, such as 2026-02-28; absent: it takes none (it failed).
  std::optional<std::string> day;
  instant scan_date{};
  instant created_at{};
  std::optional<std::string> device_used;
  std::optional<schema::encrypted<scan_notes>> notes;
  std::optional<scan_format> format;
  /// Of the original; a member's scans differ in it.
  std::optional<std::string> sha256;
  std::vector<scan_file> files;

  scan_status status = scan_status::queued;
  /// Of processing, 0 to 100.
  std::int32_t progress = 0;
  /// When something is due next; absent: nothing is.
  std::optional<instant> due_at;
  /// 0: somebody waits; 1: it was tried before.
  std::int32_t priority = 0;
  std::int32_t attempts = 0;
  std::int32_t polls = 0;
  /// The service's.
  std::optional<std::string> job_id;
  std::optional<instant> submitted_at;
  /// One word, of those that `scan_failure` names.
  std::optional<std::string> last_error;
  /// What a webhook said, as JSON, until it is dealt with.
  std::optional<schema::encrypted<std::string>> reported;

  std::optional<schema::encrypted<scan_measurements>> measurements;
  std::optional<std::string> model_version;
  /// It was processed, given up, or removed.
  std::optional<instant> finished_at;
  /// Where the avatar that this scan shows comes from.
  std::optional<avatar_source> source;
  /// When the member took the measurements into the body metrics.
  std::optional<instant> confirmed_at;
};
BOOST_DESCRIBE_STRUCT(scan, (),
                      (id, version, member_id, uploaded_by, origin, visible, day, scan_date, created_at, device_used,
                       notes, format, sha256, files, status, progress, due_at, priority, attempts, polls, job_id,
                       submitted_at, last_error, reported, measurements, model_version, finished_at, source,
                       confirmed_at))
store::declaration<scan> declare(store::tag<scan>);

/// A scan stands differently: it is to be processed, or to be told of.
struct scan_changed {
  uuid scan_id;
  uuid member_id;
  scan_status status = scan_status::queued;
  std::int32_t progress = 0;
};
BOOST_DESCRIBE_STRUCT(scan_changed, (), (scan_id, member_id, status, progress))
store::event_declaration<scan_changed> declare(store::tag<scan_changed>);

/// A webhook brought a report.
struct scan_reported {
  uuid scan_id;
};
BOOST_DESCRIBE_STRUCT(scan_reported, (), (scan_id))
store::event_declaration<scan_reported> declare(store::tag<scan_reported>);

/// A scan is being removed: its files go.
struct scan_removed {
  uuid scan_id;
  uuid member_id;
  std::vector<std::string> keys;
};
BOOST_DESCRIBE_STRUCT(scan_removed, (), (scan_id, member_id, keys))
store::event_declaration<scan_removed> declare(store::tag<scan_removed>);

/// One state of a member's avatar.
struct avatar_version {
  std::int32_t number = 0;
  uuid scan_id;
  avatar_source source = avatar_source::service;
  instant made_at{};
  std::vector<scan_file> files;
};
BOOST_DESCRIBE_STRUCT(avatar_version, (), (number, scan_id, source, made_at, files))

/// A member's avatar with its earlier versions, the last one being the present one. The id is the member's.
struct avatar {
  uuid id;
  std::int64_t version = 0;
  /// Only grows, also when versions are removed.
  std::int32_t last_number = 0;
  std::vector<avatar_version> versions;
};
BOOST_DESCRIBE_STRUCT(avatar, (), (id, version, last_number, versions))
store::declaration<avatar> declare(store::tag<avatar>);

/// One part of a resumable upload that has arrived.
struct scan_part {
  std::int32_t number = 0;
  std::int64_t size_bytes = 0;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(scan_part, (), (number, size_bytes, sha256))

/// A scan file that comes in parts. Its id becomes that of the scan.
struct scan_upload {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  uuid uploaded_by;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::optional<instant> scan_date;
  std::optional<std::string> device_used;
  std::optional<schema::encrypted<scan_notes>> notes;
  std::vector<scan_part> parts;
  instant created_at{};
  /// The last part came, or it began.
  instant touched_at{};
};
BOOST_DESCRIBE_STRUCT(scan_upload, (),
                      (id, version, member_id, uploaded_by, size_bytes, sha256, scan_date, device_used, notes, parts,
                       created_at, touched_at))
store::declaration<scan_upload> declare(store::tag<scan_upload>);

/// Where files are: below these prefixes nothing is but what documents name, or what a crash left behind.
inline constexpr std::string_view scan_prefix = "scans/";
inline constexpr std::string_view scan_upload_prefix = "scan-uploads/";
/// How they may be kept on the way to whoever has a link: bodies are nobody else's business.
inline constexpr std::string_view scan_cache_control = "private, no-store";
[[nodiscard]] std::string scan_key(uuid scan, std::string_view name);
[[nodiscard]] std::string scan_part_key(uuid upload, std::int32_t number);

}  // namespace nxg
