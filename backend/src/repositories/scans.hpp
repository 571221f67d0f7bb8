#pragma once

#include "models/scan.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg::repositories {

/// How far the service has got with a scan.
struct scan_progress {
  scan_status status = scan_status::queued;
  std::int32_t progress = 0;
  std::optional<instant> due_at;
  std::int32_t priority = 0;
  std::int32_t attempts = 0;
  std::int32_t polls = 0;
  std::optional<std::string> job_id;
  std::optional<instant> submitted_at;
  std::optional<std::string> last_error;
};

/// What a scan came to.
struct scan_outcome {
  scan_status status = scan_status::completed;
  std::vector<scan_file> files;
  std::optional<scan_measurements> measurements;
  std::optional<std::string> model_version;
  std::optional<avatar_source> source;
  std::optional<std::string> last_error;
  /// Takes the member's day; a scan that failed gives it back.
  bool takes_day = true;
  /// Asked for again at that time, to be made better.
  std::optional<instant> due_at;
};

/// Scans, the uploads they come from, and the avatars they make. Removed scans are not found.
class scans {
 public:
  explicit scans(store::database& in) : scans_{in}, uploads_{in}, avatars_{in} {}

  /// Throws a duplicate of "one_a_day", "content", or "id" (it is there already).
  task<void> insert(scan made);
  task<std::optional<scan>> find(uuid member, uuid id);
  task<std::optional<scan>> find_any(uuid id);
  task<std::optional<scan>> with_content(uuid member, std::string sha256);
  task<std::optional<scan>> of_job(std::string job);
  /// By `scan_date`, newest first.
  task<store::page<scan>> of_member(uuid member, std::size_t limit, std::optional<std::string> after);
  /// Those with that priority that were due by `now`, the longest waiting first.
  task<std::vector<scan>> due(std::int32_t priority, instant now, std::size_t limit);

  /// What was read as `from` goes on; false when it changed meanwhile.
  task<bool> advance(const scan& from, scan_progress to);
  task<bool> finish(const scan& from, scan_outcome with, instant at);
  /// Keeps what a webhook said, for a scan that still waits for it; false when it does not.
  task<bool> report(const scan& from, std::string said, instant at);
  task<bool> confirm(const scan& from, instant at);
  /// Empties it of everything but its day, and has its files removed.
  task<bool> remove(const scan& which, instant at);
  /// Those that were removed before that time.
  task<std::vector<scan>> stubs_before(instant time, std::size_t limit);
  task<void> forget(uuid member, uuid id);
  /// The objects that scans and uploads of these ids name.
  task<std::set<std::string>> files_of(std::vector<uuid> ids);
  task<std::set<std::string>> parts_of(std::vector<uuid> ids);

  task<void> begin(scan_upload made) { return uploads_.insert(std::move(made)); }
  /// Of who began it.
  task<std::optional<scan_upload>> upload(uuid by, uuid id);
  task<std::size_t> uploads_of(uuid member);
  /// A part came, or came again. Nothing when the upload is gone.
  task<std::optional<scan_upload>> add_part(uuid by, uuid id, scan_part part, instant at);
  task<bool> end_upload(uuid by, uuid id);
  task<std::vector<scan_upload>> idle_uploads(instant before, std::size_t limit);

  task<std::optional<avatar>> avatar_of(uuid member) { return avatars_.find(member); }
  /// As read, or new; throws a version conflict.
  task<void> save(avatar changed) { return avatars_.save(std::move(changed)); }

 private:
  store::collection<scan> scans_;
  store::collection<scan_upload> uploads_;
  store::collection<avatar> avatars_;
};

}  // namespace nxg::repositories
