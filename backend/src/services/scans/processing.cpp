#include "services/scans/processing.hpp"

#include "objects/errors.hpp"
#include "services/scans/plausibility.hpp"
#include "services/scans/schedule.hpp"
#include "store/errors.hpp"

#include <algorithm>
#include <utility>

namespace nxg::scanning {

namespace {

using integrations::job_report;
using integrations::job_state;
using integrations::service_unavailable;
using repositories::scan_outcome;
using repositories::scan_progress;
using namespace std::chrono_literals;

constexpr std::size_t at_once = 20;
constexpr auto call_limit = 25s;
/// Files come in pieces; a large one over a slow line takes its time.
constexpr auto fetch_limit = 5min;
/// An order that was begun and never ended (its process died) is begun again after that.
constexpr auto stuck_after = 2min;
constexpr std::chrono::minutes file_link_life{30};

scan_progress as_is(const scan& one) {
  return {one.status, one.progress, one.due_at,       one.priority,  one.attempts,
          one.polls,  one.job_id,   one.submitted_at, one.last_error};
}

const scan_file* original_of(const scan& one) {
  const auto found = std::ranges::find(one.files, scan_file_kind::original, &scan_file::kind);
  return found == one.files.end() ? nullptr : &*found;
}

std::vector<scan_file> originals(const scan& one) {
  std::vector<scan_file> kept;
  if (const auto* file = original_of(one)) kept.push_back(*file);
  return kept;
}

integrations::scan_subject subject_of(const user& member) {
  integrations::scan_subject of;
  if (member.height_cm) of.height_cm = member.height_cm->value().value();
  if (member.weight_kg) of.weight_kg = member.weight_kg->value().value();
  of.gender = member.gender;
  return of;
}

std::string name_of(const integrations::job_file& file) {
  const std::string_view ending = file.kind == scan_file_kind::mesh ? ".glb" : ".png";
  return file.sha256.substr(0, 16) + std::string{ending};
}

/// A report is about a scan that waits, or that was given up too early.
bool waits(const scan& one) {
  return one.status == scan_status::processing ||
         (one.status == scan_status::failed && one.source != avatar_source::service);
}

}  // namespace

processing::processing(processing_parts parts) : parts_{std::move(parts)} {}

void processing::count(std::string_view outcome) const {
  parts_.metrics.make_counter("nxg_scans_total", "Scans by what came of them", {{"outcome", std::string{outcome}}})
      .increment();
}

task<void> processing::step(uuid scan) {
  auto one = co_await parts_.scans.find_any(scan);
  if (one) co_await step_of(std::move(*one));
}

task<void> processing::run_due() {
  for (const std::int32_t priority : {0, 1}) {
    const auto due = co_await parts_.scans.due(priority, parts_.time.now(), at_once);
    for (const auto& one : due) co_await step_of(one);
  }
}

task<void> processing::step_of(scan one) {
  if (!one.due_at || *one.due_at > parts_.time.now()) co_return;
  auto member = co_await parts_.members(one.member_id);
  if (!member || !member->consents_to(consent_kind::health_data)) {
    // Nothing more of this body leaves the house.
    scan_outcome ended{
        .status = scan_status::failed, .files = one.files, .last_error = "consent_withdrawn", .takes_day = false};
    const bool done = co_await parts_.scans.finish(one, std::move(ended), parts_.time.now());
    if (done) count("consent_withdrawn");
    co_return;
  }
  switch (one.status) {
    case scan_status::queued:
    case scan_status::uploading: co_await submit(std::move(one), std::move(*member)); break;
    case scan_status::processing: co_await poll(std::move(one)); break;
    case scan_status::completed: break;
    case scan_status::failed:
      if (one.reported) co_await poll(std::move(one));
      break;
  }
}

bool processing::is_given_up(const scan& one) const {
  return parts_.time.now() - one.submitted_at.value_or(one.created_at) >= give_up_after;
}

task<void> processing::submit(scan one, user member) {
  if (is_given_up(one)) {
    auto why = one.last_error.value_or("timed_out");
    co_await fall_back(std::move(one), std::move(why));
    co_return;
  }
  const bool background = one.priority > 0;
  auto begun = as_is(one);
  begun.status = scan_status::uploading;
  ++begun.attempts;
  begun.due_at = parts_.time.now() + stuck_after;
  const bool mine = co_await parts_.scans.advance(one, begun);
  if (!mine) co_return;
  one.status = begun.status;
  one.attempts = begun.attempts;
  std::optional<service_unavailable> failed;
  std::string job;
  try {
    const auto deadline = parts_.time.steady() + call_limit;
    job = co_await order(one, std::move(member), background, deadline);
  } catch (const service_unavailable& why) {
    failed = why;
  }
  if (!failed) {
    const bool taken = co_await is_of_another(job, one.id);
    if (taken) failed = service_unavailable{"malformed", "the job is that of another scan"};
  }
  if (failed) {
    co_await not_submitted(std::move(one), std::move(*failed));
  } else {
    co_await submitted(std::move(one), std::move(job));
  }
}

task<bool> processing::still_allowed(uuid member) {
  const auto now_is = co_await parts_.members(member);
  co_return now_is && now_is->consents_to(consent_kind::health_data);
}

task<std::string> processing::order(scan one, user member, bool background, steady_instant deadline) {
  const integrations::still_allowed allowed = [this, id = one.member_id] { return still_allowed(id); };
  const auto callback = parts_.own_url() + std::string{webhook_path};
  if (one.origin == scan_origin::measurements) {
    integrations::avatar_order what;
    what.scan = one.id;
    what.measurements = one.measurements.value().value();
    what.callback_url = callback;
    what.of = subject_of(member);
    return parts_.service.order(std::move(what), background, deadline, allowed);
  }
  const auto* file = original_of(one);
  objects::presign_get_options link;
  link.valid = file_link_life;
  auto url = parts_.files.presign_get(file->key, link).url;
  if (url.starts_with('/')) url = parts_.own_url() + url;
  integrations::scan_order what;
  what.scan = one.id;
  what.format = one.format.value_or(scan_format::obj);
  what.file_url = std::move(url);
  what.sha256 = file->sha256;
  what.size_bytes = file->size_bytes;
  what.callback_url = callback;
  what.of = subject_of(member);
  return parts_.service.order(std::move(what), background, deadline, allowed);
}

task<bool> processing::is_of_another(std::string job, uuid scan) {
  const auto first = co_await parts_.scans.of_job(std::move(job));
  co_return first && first->id != scan;
}

task<void> processing::submitted(scan one, std::string job) {
  const auto now = parts_.time.now();
  auto on_its_way = as_is(one);
  on_its_way.status = scan_status::processing;
  on_its_way.progress = 10;
  on_its_way.job_id = std::move(job);
  on_its_way.submitted_at = now;
  on_its_way.polls = 0;
  on_its_way.due_at = now + pause_after(0);
  on_its_way.priority = 0;
  on_its_way.last_error.reset();
  const bool done = co_await parts_.scans.advance(one, std::move(on_its_way));
  if (done) count("submitted");
}

task<void> processing::not_submitted(scan one, service_unavailable why) {
  parts_.log.repeated(telemetry::log_level::warn, "the scan service takes no scan", {{"reason", why.reason}});
  const bool was_not_asked = why.reason == "quota_exhausted" || why.reason == "asked_to_pause";
  auto later = as_is(one);
  later.status = scan_status::queued;
  // What was not tried stays before those that were.
  later.priority = was_not_asked ? one.priority : 1;
  std::chrono::milliseconds pause = pause_after(one.attempts - 1);
  if (was_not_asked) pause = std::min<std::chrono::milliseconds>(why.retry_after.value_or(30s), 10min);
  later.due_at = parts_.time.now() + pause;
  later.last_error = why.reason;
  co_await parts_.scans.advance(one, std::move(later));
}

task<void> processing::poll(scan one) {
  if (one.reported) {
    auto said = parts_.service.read(one.reported->value());
    if (said) {
      co_await follow(std::move(one), std::move(*said));
      co_return;
    }
  }
  if (one.status != scan_status::processing) co_return;
  std::optional<service_unavailable> failed;
  job_report said;
  try {
    const auto deadline = parts_.time.steady() + call_limit;
    said = co_await parts_.service.report(one.job_id.value_or(""), deadline);
  } catch (const service_unavailable& why) {
    failed = why;
  }
  if (failed) {
    const auto progress = one.progress;
    co_await look_again(std::move(one), failed->reason, progress);
  } else {
    co_await follow(std::move(one), std::move(said));
  }
}

task<void> processing::look_again(scan one, std::string why, std::int32_t progress) {
  if (is_given_up(one)) {
    if (why.empty()) why = "timed_out";
    co_await fall_back(std::move(one), std::move(why));
    co_return;
  }
  auto later = as_is(one);
  ++later.polls;
  later.progress = std::max(one.progress, std::min(progress, 99));
  later.due_at = parts_.time.now() + pause_after(later.polls);
  later.last_error.reset();
  if (!why.empty()) later.last_error = std::move(why);
  co_await parts_.scans.advance(one, std::move(later));
}

task<void> processing::follow(scan one, job_report said) {
  switch (said.state) {
    case job_state::queued:
    case job_state::processing: return look_again(std::move(one), {}, said.progress);
    case job_state::completed: return complete(std::move(one), std::move(said));
    case job_state::failed: break;
  }
  return fall_back(std::move(one), "refused_by_service");
}

task<void> processing::complete(scan one, job_report said) {
  // Two orders answered at the same moment can still have got the same job: its report is for one of them.
  const bool taken = co_await is_of_another(said.job_id, one.id);
  const auto member = co_await parts_.members(one.member_id);
  const bool possible = !taken && member && said.measurements && implausible_in(*said.measurements, *member).empty();
  if (!possible) {
    parts_.log.repeated(telemetry::log_level::warn, "a report of the scan service is not about this body",
                        {{"reason", taken ? "job_taken" : "implausible"}});
    std::string reason = taken ? "malformed" : "implausible";
    co_await fall_back(std::move(one), std::move(reason));
    co_return;
  }
  scan_outcome ended;
  ended.files = originals(one);
  std::optional<std::string> failed;
  const auto deadline = parts_.time.steady() + fetch_limit;
  try {
    for (auto& file : said.files) {
      auto key = scan_key(one.id, name_of(file));
      auto kept = co_await parts_.service.fetch(file, parts_.files, std::move(key), deadline);
      ended.files.push_back(std::move(kept));
    }
  } catch (const service_unavailable& why) {
    failed = why.reason;
  } catch (const objects::error& why) {
    failed = "objects_away";
  }
  if (failed) {
    co_await look_again(std::move(one), std::move(*failed), 90);
    co_return;
  }
  ended.measurements = said.measurements;
  ended.model_version = said.model_version;
  ended.source = avatar_source::service;
  ended.takes_day = one.day.has_value();
  auto made = ended.files;
  const bool done = co_await parts_.scans.finish(one, std::move(ended), parts_.time.now());
  if (done) {
    count("completed");
  } else {
    // Removed meanwhile, or somebody else was faster and has the same files.
    const auto now = co_await parts_.scans.find_any(one.id);
    if (!now) co_await discard(std::move(made));
  }
}

task<void> processing::discard(std::vector<scan_file> files) {
  for (const auto& one : files) {
    try {
      co_await parts_.files.remove(one.key);
    } catch (const objects::error&) {
      // The job that looks for orphans finds it.
    }
  }
}

task<void> processing::fall_back(scan one, std::string why) {
  // What is failed stays failed: a late report that is no success changes nothing.
  if (one.status == scan_status::failed) {
    auto unchanged = as_is(one);
    unchanged.due_at.reset();
    co_await parts_.scans.advance(one, std::move(unchanged));
    co_return;
  }
  const auto member = co_await parts_.members(one.member_id);
  scan_outcome ended{
      .status = scan_status::failed, .files = originals(one), .last_error = std::move(why), .takes_day = false};
  std::vector<scan_file> figure;
  try {
    if (member) figure = co_await parts_.figures.draw(*member, one.id);
  } catch (const objects::error&) {
    // Then there is no picture of it.
  }
  if (!figure.empty()) {
    ended.files.insert(ended.files.end(), figure.begin(), figure.end());
    ended.source = avatar_source::parametric;
  } else {
    const auto before = co_await parts_.figures.present(one.member_id);
    if (before) ended.source = avatar_source::previous;
  }
  const bool done = co_await parts_.scans.finish(one, std::move(ended), parts_.time.now());
  if (done) count("failed");
}

task<bool> processing::take_report(job_report said, std::string body) {
  const auto one = co_await parts_.scans.of_job(said.job_id);
  if (!one) co_return false;
  const bool is_end = said.state == job_state::completed || said.state == job_state::failed;
  // Late, doubled and reordered ones are nothing new.
  if (!is_end || !waits(*one)) co_return true;
  co_await parts_.scans.report(*one, std::move(body), parts_.time.now());
  co_return true;
}

}  // namespace nxg::scanning
