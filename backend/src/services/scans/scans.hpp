#pragma once

#include "repositories/scans.hpp"
#include "resilience/bulkhead.hpp"
#include "runtime/tally.hpp"
#include "services/caller.hpp"
#include "services/scans/avatars.hpp"
#include "services/scans/file_receiver.hpp"
#include "services/scans/processing.hpp"
#include "services/scans/views.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nxg::scanning {

/// The branch a member is in now; nothing when in none.
using presence_reader = std::function<task<std::optional<uuid>>(uuid member)>;

/// Takes confirmed measurements into the member's body metrics. Repeating it for one scan changes nothing.
using metrics_writer =
    std::function<task<void>(uuid member, uuid scan, const scan_measurements& what, instant measured_at)>;

/// What scans work with; all of it outlives them.
struct scan_parts {
  member_reader members;
  presence_reader where;
  repositories::scans& scans;
  avatars& figures;
  objects::object_store& files;
  processing& process;
  integrations::scan_service& service;
  metrics_writer metrics;
  runtime::clock& time;
  telemetry::logger log;
};

/// What goes with a scan.
struct scan_details {
  std::optional<instant> scan_date;
  std::optional<std::string> device_used;
  std::optional<scan_notes> notes;
};

struct announced_upload {
  std::int64_t size_bytes = 0;
  std::string sha256;
  scan_details details;
};

/// Members' scans: taking them in, showing, comparing, removing them. Only their owner sees them; staff may bring one
/// for a member who is in a branch they work at, and see no more of it than that it is taken. Thread-safe.
class scans {
 public:
  /// Files received or put together at the same time in this process, each of which holds a few MiB.
  static constexpr std::size_t most_receiving = 8;
  /// Of them, those of one account: whoever sends slowly must not hold all of them.
  static constexpr std::size_t most_receiving_per_account = 2;
  static constexpr std::int64_t part_bytes = 5 << 20;
  static constexpr std::size_t most_uploads = 5;
  static constexpr std::chrono::hours upload_life{24};

  explicit scans(scan_parts parts);

  /// Whose scan it is when `who` brings one for `member`. Throws `not_found`, `consent_required`.
  task<user> owner(caller who, std::optional<uuid> member);
  /// A file that is being received, until it is destroyed.
  struct receipt {
    runtime::tally<uuid>::place of_account;
    resilience::bulkhead::permit place;
  };
  /// Throws `busy` when too many files are being received, of that account or altogether.
  receipt start_receiving(uuid by);
  [[nodiscard]] objects::object_store& files() noexcept { return parts_.files; }

  /// A file that was received becomes a scan, or is removed again. Throws `scan_duplicate`, `scan_day_taken`.
  task<scan_summary> add(user owner, caller by, uuid id, received_file file, scan_details details);
  task<scan_summary> add_measurements(user owner, caller by, uuid id, scan_measurements what, scan_details details);
  /// Removes what was received of a file that came to nothing. Never throws for a store that is away.
  task<void> discard(std::string key);

  task<store::page<scan_summary>> list(uuid member, std::size_t limit, std::optional<std::string> after);
  task<scan_view> find(uuid member, uuid scan);
  task<scan_comparison> compare(uuid member, uuid from, uuid to);
  task<void> remove(uuid member, uuid scan);
  /// Throws `scan_not_ready`, `scan_implausible`.
  task<scan_view> confirm(uuid member, uuid scan);
  task<std::optional<avatar_view>> present_avatar(uuid member);

  /// What came to the webhook. Throws `webhook_refused`, `invalid_request`, `scan_not_found`.
  task<void> take_webhook(integrations::webhook_request came);

  task<upload_view> begin_upload(user owner, caller by, uuid id, announced_upload what);
  /// Uploads are those of who began them.
  task<upload_view> upload(uuid by, uuid id);
  /// How many octets that part has. Throws `scan_upload_not_found`, `invalid_request`.
  task<std::int64_t> size_of_part(uuid by, uuid id, std::int32_t number);
  /// Keeps a part. Repeating it changes nothing; another content replaces it. Throws `scan_damaged` when it is not of
  /// that size and hash.
  task<upload_view> put_part(uuid by, uuid id, std::int32_t number, std::string content, std::string sha256);
  /// Puts the parts together. Repeating it gives the same scan. Throws `scan_upload_incomplete`, `scan_damaged`,
  /// and as `add`.
  task<scan_summary> complete_upload(caller by, uuid id);
  task<void> abandon_upload(uuid by, uuid id);

  /// What is over: uploads without a part for a day, stubs of removed scans of days gone by.
  task<void> sweep();

 private:
  [[nodiscard]] scan make(const user& owner, const caller& by, uuid id, scan_details details) const;
  task<scan_summary> insert(const user& owner, scan made);
  task<scan> found(uuid member, uuid scan);
  task<void> forget(scan_upload one);
  task<scan_summary> become(caller by, scan_upload one);
  task<received_file> put_together(const scan_upload& from);
  [[nodiscard]] upload_view view(const scan_upload& of) const;

  scan_parts parts_;
  resilience::bulkhead receiving_;
  runtime::tally<uuid> receiving_by_account_;
};

}  // namespace nxg::scanning
