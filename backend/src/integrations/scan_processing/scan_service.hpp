#pragma once

#include "integrations/service_condition.hpp"
#include "integrations/still_allowed.hpp"
#include "models/scan.hpp"
#include "objects/object_store.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::integrations {

/// What the service is told of the body; never whose it is.
struct scan_subject {
  std::optional<double> height_cm;
  std::optional<double> weight_kg;
  std::optional<nxg::gender> gender;
};

/// A scan file to be measured. The service fetches it.
struct scan_order {
  /// Makes repeating the order harmless.
  uuid scan;
  scan_format format = scan_format::obj;
  std::string file_url;
  std::string sha256;
  std::int64_t size_bytes = 0;
  std::string callback_url;
  scan_subject of;
};

/// Measurements to make an avatar of.
struct avatar_order {
  uuid scan;
  scan_measurements measurements;
  std::string callback_url;
  scan_subject of;
};

enum class job_state : std::uint8_t { queued, processing, completed, failed };
BOOST_DESCRIBE_ENUM(job_state, queued, processing, completed, failed)

/// A file the service made, still with it.
struct job_file {
  scan_file_kind kind = scan_file_kind::mesh;
  std::string url;
  std::string sha256;
};

/// How a job stands, checked against the contract and the bounds of bodies.
struct job_report {
  std::string job_id;
  job_state state = job_state::queued;
  std::int32_t progress = 0;
  std::string model_version;
  std::optional<scan_measurements> measurements;
  std::vector<job_file> files;
};

/// What came to the webhook.
struct webhook_request {
  std::string_view timestamp;
  std::string_view signature;
  std::string_view body;
};

/// Port: whoever measures bodies in scan files and makes avatars. Thread-safe. Calls throw `service_unavailable`;
/// `operation_aborted` when cancelled. They end by their deadline.
class scan_service {
 public:
  scan_service() = default;
  scan_service(const scan_service&) = delete;
  scan_service& operator=(const scan_service&) = delete;
  virtual ~scan_service() = default;

  /// The job's id. A `background` order leaves the quota's reserve to members who wait. One that is not
  /// `allowed` any more ends with the reason `consent_withdrawn`.
  virtual task<std::string> order(scan_order what, bool background, steady_instant deadline,
                                  still_allowed allowed = {}) = 0;
  virtual task<std::string> order(avatar_order what, bool background, steady_instant deadline,
                                  still_allowed allowed = {}) = 0;
  virtual task<job_report> report(std::string job, steady_instant deadline) = 0;
  /// Brings a file of a job to the object store, in bounded memory; what arrived is the file it was said to be, and of
  /// its kind, or nothing is kept. At most 100 MB.
  virtual task<scan_file> fetch(job_file from, objects::object_store& into, std::string key,
                                steady_instant deadline) = 0;

  /// Whether the service sent it, within five minutes of `now`.
  [[nodiscard]] virtual bool is_genuine(const webhook_request& came, instant now) const = 0;
  /// What a genuine webhook says; nothing when it breaks the contract.
  [[nodiscard]] virtual std::optional<job_report> read(std::string_view body) const = 0;
  [[nodiscard]] virtual service_condition condition() const = 0;
};

}  // namespace nxg::integrations
