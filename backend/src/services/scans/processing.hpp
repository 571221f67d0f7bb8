#pragma once

#include "integrations/scan_processing/scan_service.hpp"
#include "models/user.hpp"
#include "objects/object_store.hpp"
#include "repositories/scans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/scans/avatars.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <functional>
#include <optional>
#include <string>

namespace nxg::scanning {

/// Reads a member's account; nothing when there is none (or it is erased).
using member_reader = std::function<task<std::optional<user>>(uuid member)>;

/// What processing works with; all of it outlives it.
struct processing_parts {
  member_reader members;
  repositories::scans& scans;
  avatars& figures;
  objects::object_store& files;
  integrations::scan_service& service;
  /// The API as the scan service reaches it, without a slash at the end.
  std::function<std::string()> own_url;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

/// Brings scans from `queued` to their end. Where each stands is in its document, so any process can take the next step
/// after any crash: every step begins with a conditional write that one of them wins, and every call to the service may
/// be repeated. The service's end of a job is told by a webhook or found by asking, whichever comes first; two hours
/// after a scan came without either, it fails and shows our own figure of the member, or the avatar of before. A report
/// that comes after that still makes the scan whole. Thread-safe.
class processing {
 public:
  static constexpr std::string_view webhook_path = "/api/webhooks/3d-scanning";

  explicit processing(processing_parts parts);

  /// The next step of a scan, if one is due. What the outside does wrong is noted in it and dealt with later; throws
  /// what the store throws.
  task<void> step(uuid scan);
  /// The next step of all that are due: those of members who wait before those that were tried before.
  task<void> run_due();
  /// A genuine report of the service. False when no scan waits for it.
  task<bool> take_report(integrations::job_report said, std::string body);

 private:
  task<void> step_of(scan one);
  task<void> submit(scan one, user member);
  task<bool> still_allowed(uuid member);
  task<std::string> order(scan one, user member, bool background, steady_instant deadline);
  /// Whether a job is already another scan's: the service may give one to one order only.
  task<bool> is_of_another(std::string job, uuid scan);
  task<void> submitted(scan one, std::string job);
  task<void> not_submitted(scan one, integrations::service_unavailable why);
  task<void> poll(scan one);
  task<void> look_again(scan one, std::string why, std::int32_t progress);
  task<void> follow(scan one, integrations::job_report said);
  task<void> complete(scan one, integrations::job_report said);
  task<void> fall_back(scan one, std::string why);
  task<void> discard(std::vector<scan_file> files);
  [[nodiscard]] bool is_given_up(const scan& one) const;
  void count(std::string_view outcome) const;

  processing_parts parts_;
};

}  // namespace nxg::scanning
