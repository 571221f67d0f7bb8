#pragma once

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The schemas of `contracts/scs.openapi.json`, as the service reads and writes them.
namespace nxg::sandbox::scs {

enum class file_format : std::uint8_t { obj, glb, ply, csv, pdf, json };
BOOST_DESCRIBE_ENUM(file_format, obj, glb, ply, csv, pdf, json)
enum class gender : std::uint8_t { male, female, other };
BOOST_DESCRIBE_ENUM(gender, male, female, other)
enum class job_status : std::uint8_t { queued, processing, completed, failed };
BOOST_DESCRIBE_ENUM(job_status, queued, processing, completed, failed)
enum class result_kind : std::uint8_t { mesh, thumbnail };
BOOST_DESCRIBE_ENUM(result_kind, mesh, thumbnail)

struct subject {
  std::optional<schema::bounded<double, 50.0, 300.0>> height_cm;
  std::optional<schema::bounded<double, 20.0, 500.0>> weight_kg;
  std::optional<scs::gender> gender;
};
BOOST_DESCRIBE_STRUCT(subject, (), (height_cm, weight_kg, gender))

struct measurements {
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
BOOST_DESCRIBE_STRUCT(measurements, (),
                      (chest_cm, waist_cm, hips_cm, arms_cm, thighs_cm, height_cm, weight_kg, body_fat_percentage,
                       skeletal_muscle_mass_kg))

struct scan_order {
  file_format format = file_format::obj;
  schema::text<8, 4000> file_url;
  schema::hex<64> file_sha256;
  schema::bounded<std::int64_t, 1, 52428800> file_size_bytes;
  schema::text<8, 2000> callback_url;
  std::optional<scs::subject> subject;
};
BOOST_DESCRIBE_STRUCT(scan_order, (), (format, file_url, file_sha256, file_size_bytes, callback_url, subject))

struct avatar_order {
  scs::measurements measurements;
  schema::text<8, 2000> callback_url;
  std::optional<scs::subject> subject;
};
BOOST_DESCRIBE_STRUCT(avatar_order, (), (measurements, callback_url, subject))

struct job_accepted {
  std::string job_id;
  job_status status = job_status::queued;
};
BOOST_DESCRIBE_STRUCT(job_accepted, (), (job_id, status))

struct result_file {
  result_kind kind = result_kind::mesh;
  std::string url;
  std::string sha256;
  std::int64_t size_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(result_file, (), (kind, url, sha256, size_bytes))

struct job_report {
  std::string job_id;
  job_status status = job_status::queued;
  std::int32_t progress = 0;
  std::optional<std::string> model_version;
  std::optional<scs::measurements> measurements;
  std::optional<std::vector<result_file>> files;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(job_report, (), (job_id, status, progress, model_version, measurements, files, error))

}  // namespace nxg::sandbox::scs
