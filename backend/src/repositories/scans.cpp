#include "repositories/scans.hpp"

#include <utility>

namespace nxg::repositories {

namespace {

using namespace store;

filter<scan> of(uuid member, uuid id) { return eq<&scan::member_id>(member) && eq<&scan::id>(id); }
filter<scan> there() { return eq<&scan::visible>(true); }
filter<scan_upload> upload_of(uuid by, uuid id) {
  return eq<&scan_upload::uploaded_by>(by) && eq<&scan_upload::id>(id);
}

scan_changed told(const scan& which, scan_status status, std::int32_t progress) {
  return {.scan_id = which.id, .member_id = which.member_id, .status = status, .progress = progress};
}

}  // namespace

task<void> scans::insert(scan made) {
  const auto changed = told(made, made.status, made.progress);
  co_await scans_.insert(std::move(made), emit(changed));
}

task<std::optional<scan>> scans::find(uuid member, uuid id) { return scans_.find_one(of(member, id) && there()); }

task<std::optional<scan>> scans::find_any(uuid id) { return scans_.find_one(eq<&scan::id>(id) && there()); }

task<std::optional<scan>> scans::with_content(uuid member, std::string sha256) {
  return scans_.find_one(eq<&scan::member_id>(member) && eq<&scan::sha256>(sha256));
}

task<std::optional<scan>> scans::of_job(std::string job) { return scans_.find_one(eq<&scan::job_id>(job) && there()); }

task<page<scan>> scans::of_member(uuid member, std::size_t limit, std::optional<std::string> after) {
  return scans_.find_page(eq<&scan::member_id>(member) && there(), sort<scan>().descending<&scan::scan_date>(), limit,
                          std::move(after));
}

task<std::vector<scan>> scans::due(std::int32_t priority, instant now, std::size_t limit) {
  auto found = co_await scans_.find_page(eq<&scan::priority>(priority) && lte<&scan::due_at>(now),
                                         sort<scan>().ascending<&scan::due_at>(), limit);
  co_return std::move(found.items);
}

task<bool> scans::advance(const scan& from, scan_progress to) {
  auto what = change<scan>()
                  .set<&scan::status>(to.status)
                  .set<&scan::progress>(to.progress)
                  .set<&scan::due_at>(to.due_at)
                  .set<&scan::priority>(to.priority)
                  .set<&scan::attempts>(to.attempts)
                  .set<&scan::polls>(to.polls)
                  .set<&scan::job_id>(to.job_id)
                  .set<&scan::submitted_at>(to.submitted_at)
                  .set<&scan::last_error>(to.last_error);
  const bool is_news = to.status != from.status || to.progress != from.progress;
  if (is_news) static_cast<void>(what.emit(told(from, to.status, to.progress)));
  // The state it was read in: its version also counts what has nothing to do with processing.
  const auto same = of(from.member_id, from.id) && there() && eq<&scan::status>(from.status) &&
                    eq<&scan::attempts>(from.attempts) && eq<&scan::polls>(from.polls);
  return scans_.update(from.id, same, std::move(what));
}

task<bool> scans::finish(const scan& from, scan_outcome with, instant at) {
  const std::int32_t progress = with.status == scan_status::completed ? 100 : 0;
  auto what = change<scan>()
                  .set<&scan::status>(with.status)
                  .set<&scan::progress>(progress)
                  .set<&scan::due_at>(with.due_at)
                  .set<&scan::files>(with.files)
                  .set<&scan::model_version>(with.model_version)
                  .set<&scan::source>(with.source)
                  .set<&scan::last_error>(with.last_error)
                  .set<&scan::finished_at>(at)
                  .unset<&scan::reported>()
                  .emit(told(from, with.status, progress));
  if (with.measurements) {
    const std::optional<schema::encrypted<scan_measurements>> sealed{*with.measurements};
    static_cast<void>(what.set<&scan::measurements>(sealed));
  }
  if (!with.takes_day) static_cast<void>(what.unset<&scan::day>());
  const auto same =
      of(from.member_id, from.id) && there() && eq<&scan::status>(from.status) && eq<&scan::attempts>(from.attempts);
  return scans_.update(from.id, same, std::move(what));
}

task<bool> scans::report(const scan& from, std::string said, instant at) {
  const std::optional<schema::encrypted<std::string>> sealed{std::move(said)};
  auto what = change<scan>().set<&scan::reported>(sealed).set<&scan::due_at>(at).emit(scan_reported{from.id});
  return scans_.update(from.id, of(from.member_id, from.id) && there() && eq<&scan::status>(from.status),
                       std::move(what));
}

task<bool> scans::confirm(const scan& from, instant at) {
  return scans_.update(of(from.member_id, from.id) && there(), change<scan>().set<&scan::confirmed_at>(at));
}

task<bool> scans::remove(const scan& which, instant at) {
  scan_removed gone{.scan_id = which.id, .member_id = which.member_id, .keys = {}};
  for (const auto& one : which.files) gone.keys.push_back(one.key);
  auto what = change<scan>()
                  .set<&scan::visible>(false)
                  .set<&scan::finished_at>(at)
                  .set<&scan::files>(std::vector<scan_file>{})
                  .unset<&scan::due_at>()
                  .unset<&scan::device_used>()
                  .unset<&scan::notes>()
                  .unset<&scan::sha256>()
                  .unset<&scan::job_id>()
                  .unset<&scan::reported>()
                  .unset<&scan::measurements>()
                  .unset<&scan::last_error>()
                  .expect(which.version)
                  .emit(gone);
  return scans_.update(of(which.member_id, which.id) && there(), std::move(what));
}

task<std::vector<scan>> scans::stubs_before(instant time, std::size_t limit) {
  auto found = co_await scans_.find_page(eq<&scan::visible>(false) && lt<&scan::finished_at>(time),
                                         sort<scan>().ascending<&scan::finished_at>(), limit);
  co_return std::move(found.items);
}

task<void> scans::forget(uuid member, uuid id) { co_await scans_.remove(of(member, id) && eq<&scan::visible>(false)); }

task<std::set<std::string>> scans::files_of(std::vector<uuid> ids) {
  const auto most = ids.size();
  const auto found = co_await scans_.find_page(in<&scan::id>(ids) && there(), {}, most);
  std::set<std::string> keys;
  for (const auto& one : found.items) {
    for (const auto& file : one.files) keys.insert(file.key);
  }
  co_return keys;
}

task<std::set<std::string>> scans::parts_of(std::vector<uuid> ids) {
  const auto most = ids.size();
  const auto found = co_await uploads_.find_page(in<&scan_upload::id>(ids), {}, most);
  std::set<std::string> keys;
  for (const auto& one : found.items) {
    for (const auto& part : one.parts) keys.insert(scan_part_key(one.id, part.number));
  }
  co_return keys;
}

task<std::optional<scan_upload>> scans::upload(uuid by, uuid id) { return uploads_.find_one(upload_of(by, id)); }

task<std::size_t> scans::uploads_of(uuid member) {
  const auto count = co_await uploads_.count(eq<&scan_upload::member_id>(member));
  co_return static_cast<std::size_t>(count);
}

task<std::optional<scan_upload>> scans::add_part(uuid by, uuid id, scan_part part, instant at) {
  // Two steps: the same part may come again, and differ. In between it is missing, which completing notices.
  const auto one = upload_of(by, id);
  co_await uploads_.update(one, change<scan_upload>().pull<&scan_upload::parts, &scan_part::number>(part.number));
  co_return co_await uploads_.update_get_after(
      one, change<scan_upload>().push<&scan_upload::parts>(part).set<&scan_upload::touched_at>(at));
}

task<bool> scans::end_upload(uuid by, uuid id) { return uploads_.remove(upload_of(by, id)); }

task<std::vector<scan_upload>> scans::idle_uploads(instant before, std::size_t limit) {
  auto found = co_await uploads_.find_page(lt<&scan_upload::touched_at>(before),
                                           sort<scan_upload>().ascending<&scan_upload::touched_at>(), limit);
  co_return std::move(found.items);
}

}  // namespace nxg::repositories
