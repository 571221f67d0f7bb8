#include "services/upkeep/derived.hpp"

#include "services/points/awards.hpp"
#include "store/wrote_first.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nxg::upkeep {

namespace {

constexpr const char* member_row_differs = "member day rows differ from their workouts";
constexpr const char* machine_row_differs = "machine use rows differ from their workouts";
constexpr const char* member_row_missing = "member day rows are missing";
constexpr const char* machine_row_missing = "machine use rows are missing";
constexpr const char* entry_missing = "ledger entries are missing";
constexpr const char* entry_differs = "ledger entries differ from what their workout is worth";
constexpr const char* balance_differs = "balances differ from their ledger";
constexpr const char* balance_missing = "members have a ledger and no balance";

}  // namespace

task<void> derived::check(findings& into, bool rebuild) {
  co_await check_member_days(into, rebuild);
  co_await check_machine_days(into, rebuild);
  co_await check_workouts(into, rebuild);
  co_await check_balances(into, rebuild);
  co_await find_members_without_balance(into, rebuild);
}

task<bool> derived::any_behind(const std::vector<workout>& finals) {
  for (const auto& one : finals) {
    const bool behind = co_await all_.workout_has_undelivered(one.id);
    if (behind) co_return true;
  }
  co_return false;
}

// --- day rows -------------------------------------------------------------------------------------------------------

task<void> derived::check_member_days(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.member_days(after);
    for (const auto& row : page.items) {
      const auto finals = co_await workouts_.final_of_member_day(row.member_id, row.local_date);
      const auto totals = workouts::totals_of(finals);
      if (totals == row.totals) continue;
      const auto now = co_await days_.find_member_day(row.member_id, row.local_date);
      if (now && now->totals == totals) continue;
      const bool behind = co_await any_behind(finals);
      if (behind) {
        ++into.behind;
        continue;
      }
      into.add(member_row_differs, row.id);
      if (!rebuild) continue;
      co_await rows_.set_member_day(row.member_id, row.local_date);
      into.rebuilt(member_row_differs);
    }
    after = page.next;
  } while (after);
}

task<void> derived::check_machine_days(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.machine_days(after);
    for (const auto& row : page.items) {
      const auto finals = co_await workouts_.final_of_machine_day(row.machine_id, row.local_date);
      const auto totals = workouts::totals_of(finals);
      if (totals == row.totals) continue;
      const auto now = co_await days_.find_machine_day(row.machine_id, row.local_date);
      if (now && now->totals == totals) continue;
      const bool behind = co_await any_behind(finals);
      if (behind) {
        ++into.behind;
        continue;
      }
      into.add(machine_row_differs, row.id);
      if (!rebuild) continue;
      co_await rows_.set_machine_day(row.machine_id, row.branch_id, row.local_date);
      into.rebuilt(machine_row_differs);
    }
    after = page.next;
  } while (after);
}

task<void> derived::check_workouts(findings& into, bool rebuild) {
  census::position after;
  do {
    auto page = co_await all_.workouts(after);
    std::erase_if(page.items, [](const workout& one) { return one.state != workout_state::final_ || !one.figures; });
    co_await check_rows_of(page.items, into, rebuild);
    co_await check_entries_of(page.items, into, rebuild);
    after = std::move(page.next);
  } while (after);
}

task<void> derived::check_rows_of(const std::vector<workout>& finals, findings& into, bool rebuild) {
  std::set<std::string> member_ids, machine_ids;
  for (const auto& one : finals) {
    member_ids.insert(day_row_id(one.member_id, one.local_date));
    machine_ids.insert(day_row_id(one.machine_id, one.local_date));
  }
  auto no_member_row = co_await all_.without_member_day(std::move(member_ids));
  auto no_machine_row = co_await all_.without_machine_day(std::move(machine_ids));
  for (const auto& one : finals) {
    // Each row once, whichever of its workouts comes first.
    const bool member_row = no_member_row.erase(day_row_id(one.member_id, one.local_date)) > 0;
    const bool machine_row = no_machine_row.erase(day_row_id(one.machine_id, one.local_date)) > 0;
    if (!member_row && !machine_row) continue;
    const bool behind = co_await all_.workout_has_undelivered(one.id);
    if (behind) {
      into.behind += (member_row ? 1U : 0U) + (machine_row ? 1U : 0U);
      continue;
    }
    if (member_row) into.add(member_row_missing, day_row_id(one.member_id, one.local_date));
    if (machine_row) into.add(machine_row_missing, day_row_id(one.machine_id, one.local_date));
    if (!rebuild) continue;
    if (member_row) {
      co_await rows_.set_member_day(one.member_id, one.local_date);
      into.rebuilt(member_row_missing);
    }
    if (machine_row) {
      co_await rows_.set_machine_day(one.machine_id, one.branch_id, one.local_date);
      into.rebuilt(machine_row_missing);
    }
  }
}

// --- points ---------------------------------------------------------------------------------------------------------

task<void> derived::check_entries_of(const std::vector<workout>& finals, findings& into, bool rebuild) {
  std::set<uuid> ids;
  for (const auto& one : finals) ids.insert(points_entry_id(one.member_id, points_source::workout, one.id));
  const auto entries = co_await all_.entries_among(std::move(ids));
  for (const auto& one : finals) {
    if (!one.figures) continue;
    const auto worth = points::for_workout(*one.figures);
    const auto found = entries.find(points_entry_id(one.member_id, points_source::workout, one.id));
    const bool there = found != entries.end();
    if (there ? found->second.points == worth : worth == 0) continue;
    const bool behind = co_await all_.workout_has_undelivered(one.id);
    if (behind) {
      ++into.behind;
      continue;
    }
    const std::string fault = there ? entry_differs : entry_missing;
    into.add(fault, one.id.to_string());
    if (!rebuild) continue;
    // Its event moves the balance.
    co_await ledger_.award_workout_anew(one.id);
    into.rebuilt(fault);
  }
}

task<std::int64_t> derived::points_of(uuid member) {
  std::int64_t points = 0;
  census::position after;
  do {
    const auto page = co_await points_.entries(member, 500, after);
    for (const auto& one : page.items) points += one.points;
    after = page.next;
  } while (after);
  co_return points;
}

task<derived::sum> derived::sum_of(uuid member) {
  sum total;
  census::position after;
  do {
    const auto page = co_await points_.entries(member, 500, after);
    for (const auto& one : page.items) {
      total.points += one.points;
      const auto events = co_await all_.undelivered_of_entry(one.id);
      total.undelivered.insert(total.undelivered.end(), events.begin(), events.end());
      const auto now = co_await points_.find_entry(one.id);
      total.moved = total.moved || !now || now->version != one.version;
    }
    after = page.next;
  } while (after);
  co_return total;
}

task<void> derived::check_balances(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.balances(after);
    for (const auto& one : page.items) co_await check_balance(one.id, into, rebuild);
    after = page.next;
  } while (after);
}

task<void> derived::check_balance(uuid member, findings& into, bool rebuild) {
  for (;;) {
    const auto before = co_await points_.find_balance(member);
    const auto points = co_await points_of(member);
    // Nothing is spent yet: what was earned is what is there.
    if (!before || (before->balance == points && before->earned == points)) co_return;
    const auto total = co_await sum_of(member);
    if (total.moved || !total.undelivered.empty()) {
      ++into.behind;
      co_return;
    }
    const auto now = co_await points_.find_balance(member);
    if (now && now->version == before->version) break;
  }
  into.add(balance_differs, member.to_string());
  if (!rebuild) co_return;
  co_await count_anew(member);
  into.rebuilt(balance_differs);
}

task<void> derived::find_members_without_balance(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.entries(after);
    std::set<uuid> members;
    for (const auto& one : page.items) members.insert(one.member_id);
    const auto without = co_await all_.without_balance(std::move(members));
    for (const auto& member : without) {
      const auto total = co_await sum_of(member);
      if (total.moved || !total.undelivered.empty()) {
        ++into.behind;
        continue;
      }
      into.add(balance_missing, member.to_string());
      if (!rebuild) continue;
      co_await count_anew(member);
      into.rebuilt(balance_missing);
    }
    after = page.next;
  } while (after);
}

/// The balance is read before the ledger and saved at the version it had. So an event that moved it meanwhile makes
/// this start again, and one that is still to come and is in the sum already is noted as seen.
task<void> derived::count_anew(uuid member) {
  constexpr int most_rounds = 16;
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await points_.find_balance(member);
    const auto total = co_await sum_of(member);
    if (total.moved) continue;
    auto row = found.value_or(points_balance{.id = member});
    row.balance = row.earned = total.points;
    row.last_events.insert(row.last_events.end(), total.undelivered.begin(), total.undelivered.end());
    if (row.last_events.size() > remembered_events)
      row.last_events.erase(row.last_events.begin(), row.last_events.end() - remembered_events);
    row.updated_at = time_.now();
    const bool written = co_await store::wrote_first(points_.save_balance(std::move(row)));
    if (written) co_return;
  }
  throw store::error{store::failure::busy, "a balance is being changed by too many at once"};
}

}  // namespace nxg::upkeep
