#pragma once

#include "integrations/scan_processing/scan_service.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What goes over the wire to and from the scan service: the schemas of `simulators/contracts/scs.openapi.json`, with
/// its bounds.
namespace nxg::integrations::scs {

struct subject {
  std::optional<double> height_cm;
  std::optional<double> weight_kg;
  std::optional<nxg::gender> gender;
};
BOOST_DESCRIBE_STRUCT(subject, (), (height_cm, weight_kg, gender))

struct scan_order {
  scan_format format = scan_format::obj;
  std::string file_url;
  std::string file_sha256;
  std::int64_t file_size_bytes = 0;
  std::string callback_url;
  scs::subject subject;
};
BOOST_DESCRIBE_STRUCT(scan_order, (), (format, file_url, file_sha256, file_size_bytes, callback_url, subject))

struct avatar_order {
  scan_measurements measurements;
  std::string callback_url;
  scs::subject subject;
};
BOOST_DESCRIBE_STRUCT(avatar_order, (), (measurements, callback_url, subject))

/// It becomes part of a URL.
struct job_id_rule {
  static constexpr std::size_t min_length = 1;
  static constexpr std::size_t max_length = 100;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "";
  static constexpr std::string_view expectation = "must be letters, digits, '-', '_' and '.'";
  static bool accept(std::string& text);
};
using job_id_text = schema::formatted<job_id_rule>;

struct job_accepted {
  job_id_text job_id;
};
BOOST_DESCRIBE_STRUCT(job_accepted, (), (job_id))

enum class result_kind : std::uint8_t { mesh, thumbnail };
BOOST_DESCRIBE_ENUM(result_kind, mesh, thumbnail)

struct result_file {
  result_kind kind = result_kind::mesh;
  schema::text<8, 2000> url;
  schema::hex<64> sha256;
};
BOOST_DESCRIBE_STRUCT(result_file, (), (kind, url, sha256))

struct job_report {
  job_id_text job_id;
  job_state status = job_state::queued;
  std::optional<schema::bounded<std::int32_t, 0, 100>> progress;
  std::optional<schema::text<0, 50>> model_version;
  std::optional<scan_measurements> measurements;
  std::optional<schema::list<result_file, 0, 10>> files;

  static void check(const job_report& read, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(job_report, (), (job_id, status, progress, model_version, measurements, files))

class malformed_answer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throw `malformed_answer`.
[[nodiscard]] std::string read_job_id(std::string_view json);
[[nodiscard]] integrations::job_report read_report(std::string_view json);

struct token {
  std::string text;
  std::chrono::seconds life{0};
};
/// Its life is at most a day, whatever it says. Throws `malformed_answer`.
[[nodiscard]] token read_token(std::string_view json);

[[nodiscard]] std::string body_of(const integrations::scan_order& what);
[[nodiscard]] std::string body_of(const integrations::avatar_order& what);

/// Whether a file of `size` octets that begins so can be a binary glTF 2.0: as long as it says, a JSON chunk first
/// (glTF 2.0 specification, 4.4, Binary glTF Layout).
[[nodiscard]] bool is_glb(std::string_view beginning, std::uint64_t size) noexcept;

/// `scheme://host:port` in lower case; nothing for what has no such beginning, or a user in it.
[[nodiscard]] std::optional<std::string> origin_of(std::string_view url);

}  // namespace nxg::integrations::scs
