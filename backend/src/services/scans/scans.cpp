#include "services/scans/scans.hpp"

#include "objects/errors.hpp"
#include "objects/reader.hpp"
#include "services/scans/errors.hpp"
#include "services/scans/plausibility.hpp"
#include "store/errors.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"
#include "utilities/time_zones.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

namespace nxg::scanning {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t swept_at_once = 50;
/// Longer than any day is long, and than its files take to go.
constexpr auto stub_life = 48h;

std::string day_of(instant when, const user& member) {
  const auto day = utilities::local_date_at(when, member.time_zone.value());
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::chrono::seconds until_tomorrow(instant now, const user& member) {
  const auto& zone = member.time_zone.value();
  const std::chrono::sys_days tomorrow =
      std::chrono::sys_days{utilities::local_date_at(now, zone)} + std::chrono::days{1};
  const auto begins = utilities::start_of_day(std::chrono::year_month_day{tomorrow}, zone);
  return std::max(1s, std::chrono::ceil<std::chrono::seconds>(begins - now));
}

std::int32_t parts_of(std::int64_t size) {
  return static_cast<std::int32_t>((size + scans::part_bytes - 1) / scans::part_bytes);
}

std::int64_t length_of_part(std::int64_t size, std::int32_t number) {
  const auto before = static_cast<std::int64_t>(number - 1) * scans::part_bytes;
  return std::min(scans::part_bytes, size - before);
}

bool has_part(const scan_upload& of, std::int32_t number) {
  return std::ranges::find(of.parts, number, &scan_part::number) != of.parts.end();
}

std::vector<std::int32_t> missing_of(const scan_upload& of) {
  std::vector<std::int32_t> missing;
  for (std::int32_t number = 1; number <= parts_of(of.size_bytes); ++number) {
    if (!has_part(of, number)) missing.push_back(number);
  }
  return missing;
}

}  // namespace

scans::scans(scan_parts parts)
    : parts_{std::move(parts)},
      receiving_{{.max_running = most_receiving, .max_waiting = 0, .max_wait = 1ms}, parts_.time} {}

task<user> scans::owner(caller who, std::optional<uuid> member) {
  const auto id = member.value_or(who.id);
  if (id != who.id) {
    if (who.role == role::member) throw not_found("member");
    if (who.role != role::admin) {
      // Staff do it for somebody who stands before them.
      const auto branch = co_await parts_.where(id);
      if (!branch || !who.works_at(*branch)) throw not_found("member");
    }
  }
  auto found = co_await parts_.members(id);
  if (!found) throw not_found("member");
  if (!found->consents_to(consent_kind::health_data)) throw scan_consent_required();
  co_return std::move(*found);
}

scans::receipt scans::start_receiving(uuid by) {
  auto mine = receiving_by_account_.take(by);
  if (mine.number() > most_receiving_per_account) throw busy(2s);
  auto place = receiving_.try_enter();
  if (!place) throw busy(2s);
  return {std::move(mine), std::move(*place)};
}

scan scans::make(const user& owner, const caller& by, uuid id, scan_details details) const {
  const auto now = parts_.time.now();
  scan made;
  made.id = id;
  made.member_id = owner.id;
  made.uploaded_by = by.id;
  made.day = day_of(now, owner);
  made.scan_date = details.scan_date.value_or(now);
  made.created_at = now;
  made.device_used = std::move(details.device_used);
  if (details.notes) made.notes = schema::encrypted<scan_notes>{std::move(*details.notes)};
  made.due_at = now;
  return made;
}

task<scan_summary> scans::insert(const user& owner, scan made) {
  auto shown = summary_of(made);
  const auto id = made.id;
  std::optional<store::error> refused;
  try {
    co_await parts_.scans.insert(std::move(made));
  } catch (const store::error& why) {
    if (!why.is(store::failure::duplicate)) throw;
    refused = why;
  }
  if (!refused) co_return shown;
  if (refused->index() == "content") throw scan_duplicate();
  if (refused->index() == "one_a_day") {
    // An engine names one index; what was uploaded already says more.
    throw scan_day_taken(until_tomorrow(parts_.time.now(), owner));
  }
  const auto there = co_await found(owner.id, id);
  co_return summary_of(there);
}

task<scan_summary> scans::add(user owner, caller by, uuid id, received_file file, scan_details details) {
  const auto key = file.file.key;
  std::optional<api_error> refused;
  scan_summary shown;
  try {
    const auto again = co_await parts_.scans.with_content(owner.id, file.file.sha256);
    if (again && again->id != id) throw scan_duplicate();
    auto made = make(owner, by, id, std::move(details));
    made.format = file.format;
    made.sha256 = file.file.sha256;
    made.files.push_back(std::move(file.file));
    shown = co_await insert(owner, std::move(made));
  } catch (const api_error& why) {
    refused = why;
  }
  if (refused) {
    co_await discard(key);
    throw *refused;
  }
  co_return shown;
}

task<scan_summary> scans::add_measurements(user owner, caller by, uuid id, scan_measurements what,
                                           scan_details details) {
  if (is_empty(what)) throw invalid_field("/measurements", "required", "must have a measure");
  refuse_implausible(what, owner, error_code::invalid_request);
  auto made = make(owner, by, id, std::move(details));
  made.origin = scan_origin::measurements;
  made.measurements = schema::encrypted<scan_measurements>{what};
  auto shown = co_await insert(owner, std::move(made));
  co_return shown;
}

task<void> scans::discard(std::string key) {
  try {
    co_await parts_.files.remove(key);
  } catch (const objects::error&) {
    // The job that looks for orphans finds it.
  }
}

task<store::page<scan_summary>> scans::list(uuid member, std::size_t limit, std::optional<std::string> after) {
  auto found = co_await parts_.scans.of_member(member, limit, std::move(after));
  store::page<scan_summary> shown;
  for (const auto& one : found.items) shown.items.push_back(summary_of(one));
  shown.next = std::move(found.next);
  co_return shown;
}

task<scan> scans::found(uuid member, uuid scan) {
  auto one = co_await parts_.scans.find(member, scan);
  if (!one) throw scan_not_found();
  co_return std::move(*one);
}

task<scan_view> scans::find(uuid member, uuid scan) {
  const auto one = co_await found(member, scan);
  co_return view_of(one, parts_.files);
}

task<scan_comparison> scans::compare(uuid member, uuid from, uuid to) {
  const auto a = co_await found(member, from);
  const auto b = co_await found(member, to);
  if (!a.measurements || !b.measurements) throw scan_not_ready();
  co_return scanning::compare(a, b);
}

task<void> scans::remove(uuid member, uuid scan) {
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    const auto one = co_await found(member, scan);
    bool done = false;
    try {
      done = co_await parts_.scans.remove(one, parts_.time.now());
    } catch (const store::error& lost) {
      if (!lost.is(store::failure::version_conflict)) throw;
    }
    if (done) co_return;
  }
  throw busy();
}

task<scan_view> scans::confirm(uuid member, uuid scan) {
  const auto one = co_await found(member, scan);
  const auto account = co_await parts_.members(member);
  if (!account) throw scan_not_found();
  if (one.status != scan_status::completed || !one.measurements) throw scan_not_ready();
  if (!one.confirmed_at) {
    const auto& what = one.measurements->value();
    refuse_implausible(what, *account, error_code::scan_implausible);
    co_await parts_.metrics(member, scan, what, one.scan_date);
    co_await parts_.scans.confirm(one, parts_.time.now());
  }
  const auto now = co_await found(member, scan);
  co_return view_of(now, parts_.files);
}

task<std::optional<avatar_view>> scans::present_avatar(uuid member) {
  const auto newest = co_await parts_.figures.present(member);
  std::optional<avatar_view> shown;
  if (newest) shown = view_of(*newest, parts_.files);
  co_return shown;
}

task<void> scans::take_webhook(integrations::webhook_request came) {
  if (!parts_.service.is_genuine(came, parts_.time.now())) throw webhook_refused();
  auto said = parts_.service.read(came.body);
  if (!said) throw api_error{error_code::invalid_request, "This is no report of a job."};
  const bool known = co_await parts_.process.take_report(std::move(*said), std::string{came.body});
  if (!known) throw scan_not_found();
}

upload_view scans::view(const scan_upload& of) const {
  upload_view shown;
  shown.upload_id = of.id;
  shown.size_bytes = of.size_bytes;
  shown.part_bytes = part_bytes;
  shown.parts = parts_of(of.size_bytes);
  shown.arrived = of.parts;
  std::ranges::sort(shown.arrived, {}, &scan_part::number);
  shown.missing = missing_of(of);
  shown.expires_at = of.touched_at + upload_life;
  return shown;
}

task<upload_view> scans::begin_upload(user owner, caller by, uuid id, announced_upload what) {
  const auto begun_before = co_await parts_.scans.upload(by.id, id);
  if (begun_before) co_return view(*begun_before);
  const auto again = co_await parts_.scans.with_content(owner.id, what.sha256);
  if (again) throw scan_duplicate();
  const auto open = co_await parts_.scans.uploads_of(owner.id);
  if (open >= most_uploads) throw scan_too_many_uploads();
  scan_upload made;
  made.id = id;
  made.member_id = owner.id;
  made.uploaded_by = by.id;
  made.size_bytes = what.size_bytes;
  made.sha256 = std::move(what.sha256);
  made.scan_date = what.details.scan_date;
  made.device_used = std::move(what.details.device_used);
  if (what.details.notes) made.notes = schema::encrypted<scan_notes>{std::move(*what.details.notes)};
  made.created_at = made.touched_at = parts_.time.now();
  auto shown = view(made);
  try {
    co_await parts_.scans.begin(std::move(made));
  } catch (const store::error& why) {
    // An earlier try of the same request.
    if (!why.is(store::failure::duplicate)) throw;
  }
  co_return shown;
}

task<upload_view> scans::upload(uuid by, uuid id) {
  const auto one = co_await parts_.scans.upload(by, id);
  if (!one) throw scan_upload_not_found();
  co_return view(*one);
}

task<std::int64_t> scans::size_of_part(uuid by, uuid id, std::int32_t number) {
  const auto one = co_await parts_.scans.upload(by, id);
  if (!one) throw scan_upload_not_found();
  const auto parts = parts_of(one->size_bytes);
  if (number < 1 || number > parts)
    throw invalid_field("/path/number", "out_of_range", fmt::format("must be 1 to {}", parts));
  co_return length_of_part(one->size_bytes, number);
}

task<upload_view> scans::put_part(uuid by, uuid id, std::int32_t number, std::string content, std::string sha256) {
  const auto size = co_await size_of_part(by, id, number);
  const auto length = static_cast<std::int64_t>(content.size());
  if (length != size) throw scan_damaged(fmt::format("Part {} has {} octets, not {}.", number, size, length));
  if (utilities::hex(utilities::sha256(content)) != sha256)
    throw scan_damaged(fmt::format("Part {} is not what its sha256 says: send it again.", number));
  const auto kept = co_await parts_.files.put(scan_part_key(id, number), std::move(content));
  static_cast<void>(kept);
  scan_part part{number, length, std::move(sha256)};
  const auto changed = co_await parts_.scans.add_part(by, id, std::move(part), parts_.time.now());
  if (!changed) throw scan_upload_not_found();
  co_return view(*changed);
}

task<received_file> scans::put_together(const scan_upload& from) {
  file_receiver into{parts_.files, scan_key(from.id, "original")};
  for (std::int32_t number = 1; number <= parts_of(from.size_bytes); ++number) {
    objects::reader part{parts_.files, scan_part_key(from.id, number)};
    for (;;) {
      const auto piece = co_await part.next();
      if (piece.empty()) break;
      co_await into.add(piece);
    }
  }
  auto made = co_await into.finish();
  co_return made;
}

task<scan_summary> scans::complete_upload(caller by, uuid id) {
  auto one = co_await parts_.scans.upload(by.id, id);
  const auto done = co_await parts_.scans.find_any(id);
  if (done && (done->member_id == by.id || done->uploaded_by == by.id)) {
    // An earlier try got as far as that.
    if (one) co_await forget(std::move(*one));
    co_return summary_of(*done);
  }
  if (!one) throw scan_upload_not_found();
  auto shown = co_await become(by, std::move(*one));
  co_return shown;
}

task<scan_summary> scans::become(caller by, scan_upload one) {
  const auto missing = missing_of(one);
  if (!missing.empty()) throw scan_upload_incomplete(fmt::format("{}", fmt::join(missing, ", ")));
  auto member = co_await owner(by, one.member_id);
  const auto place = start_receiving(by.id);
  auto file = co_await put_together(one);
  if (file.file.sha256 != one.sha256 || file.file.size_bytes != one.size_bytes) {
    co_await discard(file.file.key);
    throw scan_damaged("The parts together are not the file that was announced.");
  }
  scan_details details{one.scan_date, one.device_used, {}};
  if (one.notes) details.notes = one.notes->value();
  auto shown = co_await add(std::move(member), by, one.id, std::move(file), std::move(details));
  co_await forget(std::move(one));
  co_return shown;
}

/// The document goes last: what it names is found again after a crash.
task<void> scans::forget(scan_upload one) {
  for (const auto& part : one.parts) {
    try {
      co_await parts_.files.remove(scan_part_key(one.id, part.number));
    } catch (const objects::error&) {
      co_return;
    }
  }
  co_await parts_.scans.end_upload(one.uploaded_by, one.id);
}

task<void> scans::abandon_upload(uuid by, uuid id) {
  auto one = co_await parts_.scans.upload(by, id);
  if (!one) throw scan_upload_not_found();
  co_await forget(std::move(*one));
}

task<void> scans::sweep() {
  const auto now = parts_.time.now();
  const auto idle = co_await parts_.scans.idle_uploads(now - upload_life, swept_at_once);
  for (const auto& one : idle) co_await forget(one);
  const auto stubs = co_await parts_.scans.stubs_before(now - stub_life, swept_at_once);
  for (const auto& one : stubs) co_await parts_.scans.forget(one.member_id, one.id);
}

}  // namespace nxg::scanning
