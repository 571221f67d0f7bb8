#include "services/upkeep/references.hpp"

#include "models/sample_text.hpp"

#include <exception>
#include <functional>
#include <set>

namespace nxg::upkeep {

namespace {

using target = census::target;

/// Runs over all pages of a collection; what a page names is looked up before the next one is read.
template <class T>
task<void> check_each(census& all, findings& into, std::function<task<store::page<T>>(census::position)> next_page,
                      std::function<void(const T&, references&)> note) {
  census::position after;
  do {
    auto page = co_await next_page(after);
    references named;
    for (const auto& one : page.items) note(one, named);
    into.documents += page.items.size();
    co_await named.resolve(all, into);
    after = std::move(page.next);
  } while (after);
}

void note_machine(const machine& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::branch, one.branch_id, "machines name a branch that does not exist", id);
  if (!one.link) return;
  named.note(target::user, one.link->member_id, "machines are linked to a member who does not exist", id);
  named.note(target::visit, one.link->visit_id, "machines are linked for a visit that does not exist", id);
}

void note_visit(const visit& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::user, one.member_id, "visits name a member who does not exist", id);
  named.note(target::branch, one.branch_id, "visits name a branch that does not exist", id);
}

void note_workout(const workout& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::user, one.member_id, "workouts name a member who does not exist", id);
  named.note(target::machine, one.machine_id, "workouts name a machine that does not exist", id);
  named.note(target::branch, one.branch_id, "workouts name a branch that does not exist", id);
  named.note(target::visit, one.visit_id, "workouts name a visit that does not exist", id);
}

void note_plan(const workout_plan& one, references& named) {
  named.note(target::user, one.member_id, "workout plans name a member who does not exist", one.id.to_string());
}

void note_diet_plan(const diet_plan& one, references& named) {
  named.note(target::user, one.member_id, "diet plans name a member who does not exist", one.id.to_string());
}

void note_scan(const scan& one, references& named) {
  named.note(target::user, one.member_id, "scans name a member who does not exist", one.id.to_string());
}

void note_scan_upload(const scan_upload& one, references& named) {
  named.note(target::user, one.member_id, "uploads of scans name a member who does not exist", one.id.to_string());
}

void note_avatar(const avatar& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::user, one.id, "avatars are of a member who does not exist", id);
  for (const auto& version : one.versions)
    named.note(target::scan, version.scan_id, "avatars name a scan that does not exist", id);
}

void note_body_record(const body_record& one, references& named) {
  named.note(target::user, one.member_id, "body records name a member who does not exist", one.id.to_string());
}

void note_entry(const points_entry& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::user, one.member_id, "ledger entries name a member who does not exist", id);
  switch (one.source_type) {
    case points_source::workout:
      named.note(target::workout, one.source_id, "ledger entries name a workout that does not exist", id);
      break;
    case points_source::meal:
      // Of a meal that was removed the entry stays, worth nothing.
      if (one.points != 0)
        named.note(target::meal, one.source_id, "ledger entries name a meal that does not exist", id);
      break;
    // A training entry may be gone, and what it was worth taken back.
    case points_source::personal_record: break;
  }
}

void note_meal(const meal& one, references& named) {
  named.note(target::user, one.member_id, "meals name a member who does not exist", one.id.to_string());
}

void note_water(const water_entry& one, references& named) {
  named.note(target::user, one.member_id, "water entries name a member who does not exist", one.id.to_string());
}

void note_nutrition_day(const nutrition_day& one, references& named) {
  named.note(target::user, one.member_id, "nutrition days name a member who does not exist", one.id);
}

void note_log(const exercise_log& one, references& named) {
  const auto id = one.id.to_string();
  named.note(target::user, one.member_id, "training entries name a member who does not exist", id);
  if (one.session_id)
    named.note(target::visit, *one.session_id, "training entries name a visit that does not exist", id);
  if (one.workout_id)
    named.note(target::workout, *one.workout_id, "training entries name a workout that does not exist", id);
}

void note_record(const personal_record& one, references& named) {
  named.note(target::user, one.member_id, "personal records are of a member who does not exist", one.id);
}

void note_overlay(const plan_overlay& one, references& named) {
  named.note(target::user, one.id, "changes of plans are of a member who does not exist", one.id.to_string());
}

void note_balance(const points_balance& one, references& named) {
  named.note(target::user, one.id, "balances are of a member who does not exist", one.id.to_string());
}

void note_inbox(const inbox& one, references& named) {
  named.note(target::user, one.id, "inboxes are of a member who does not exist", one.id.to_string());
}

void note_member_day(const member_day& one, references& named) {
  named.note(target::user, one.member_id, "member day rows name a member who does not exist", one.id);
}

void note_machine_day(const machine_day& one, references& named) {
  named.note(target::machine, one.machine_id, "machine use rows name a machine that does not exist", one.id);
  named.note(target::branch, one.branch_id, "machine use rows name a branch that does not exist", one.id);
}

void note_bucket(const sample_bucket& one, references& named) {
  named.note(target::machine, one.machine_id, "sample buckets name a machine that does not exist", one.id);
  for (const auto& link : one.links)
    named.note(target::workout, link, "sample buckets name a workout that does not exist", one.id);
}

void note_segment(const journal_segment& one, references& named, findings& into) {
  const auto id = one.id.to_string();
  std::set<std::pair<uuid, uuid>> seen;
  try {
    segment_reader reader{one.text};
    while (const auto entry = reader.next()) {
      if (!seen.emplace(entry->from.machine_id, entry->sample.link_id).second) continue;
      named.note(target::machine, entry->from.machine_id, "journal segments name a machine that does not exist", id);
      if (!entry->sample.link_id.is_nil())
        named.note(target::workout, entry->sample.link_id, "journal segments name a workout that does not exist", id);
    }
  } catch (const std::exception&) {
    into.add("journal segments cannot be read", id);
  }
}

}  // namespace

void references::note(census::target what, const uuid& to, const std::string& fault, std::string from) {
  noted_[what][to].push_back({fault, std::move(from)});
}

task<void> references::resolve(census& all, findings& into) {
  for (auto& [what, mentions] : noted_) {
    std::set<uuid> ids;
    for (const auto& [to, by] : mentions) ids.insert(to);
    const auto unknown = co_await all.unknown(what, std::move(ids));
    for (const auto& to : unknown) {
      for (auto& one : mentions[to]) into.add(one.fault, std::move(one.from));
    }
  }
  noted_.clear();
}

task<void> check_references(census& all, findings& into) {
  using position = census::position;
  co_await check_each<machine>(all, into, [&](position after) { return all.machines(after); }, note_machine);
  co_await check_each<visit>(all, into, [&](position after) { return all.visits(after); }, note_visit);
  co_await check_each<workout>(all, into, [&](position after) { return all.workouts(after); }, note_workout);
  co_await check_each<workout_plan>(all, into, [&](position after) { return all.plans(after); }, note_plan);
  co_await check_each<diet_plan>(all, into, [&](position after) { return all.diet_plans(after); }, note_diet_plan);
  co_await check_each<scan>(all, into, [&](position after) { return all.scans(after); }, note_scan);
  co_await check_each<scan_upload>(
      all, into, [&](position after) { return all.scan_uploads(after); }, note_scan_upload);
  co_await check_each<avatar>(all, into, [&](position after) { return all.avatars(after); }, note_avatar);
  co_await check_each<body_record>(
      all, into, [&](position after) { return all.body_records(after); }, note_body_record);
  co_await check_each<meal>(all, into, [&](position after) { return all.meals(after); }, note_meal);
  co_await check_each<water_entry>(all, into, [&](position after) { return all.water(after); }, note_water);
  co_await check_each<nutrition_day>(
      all, into, [&](position after) { return all.nutrition_days(after); }, note_nutrition_day);
  co_await check_each<exercise_log>(all, into, [&](position after) { return all.logs(after); }, note_log);
  co_await check_each<personal_record>(all, into, [&](position after) { return all.records(after); }, note_record);
  co_await check_each<plan_overlay>(all, into, [&](position after) { return all.overlays(after); }, note_overlay);
  co_await check_each<points_entry>(all, into, [&](position after) { return all.entries(after); }, note_entry);
  co_await check_each<points_balance>(all, into, [&](position after) { return all.balances(after); }, note_balance);
  co_await check_each<inbox>(all, into, [&](position after) { return all.inboxes(after); }, note_inbox);
  co_await check_each<member_day>(all, into, [&](position after) { return all.member_days(after); }, note_member_day);
  co_await check_each<machine_day>(
      all, into, [&](position after) { return all.machine_days(after); }, note_machine_day);
  co_await check_each<sample_bucket>(all, into, [&](position after) { return all.buckets(after); }, note_bucket);
  const std::function<void(const journal_segment&, references&)> segment =
      [&](const journal_segment& one, references& named) { note_segment(one, named, into); };
  co_await check_each<journal_segment>(all, into, [&](position after) { return all.segments(after); }, segment);
}

}  // namespace nxg::upkeep
