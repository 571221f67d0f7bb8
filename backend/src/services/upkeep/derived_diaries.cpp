#include "services/upkeep/derived_diaries.hpp"

#include "models/day_rows.hpp"
#include "services/points/awards.hpp"

#include <set>
#include <string>

namespace nxg::upkeep {

namespace {

constexpr const char* row_differs = "nutrition days differ from their diaries";
constexpr const char* entry_differs = "ledger entries differ from what their meal is worth";

}  // namespace

task<void> derived_diaries::check(findings& into, bool rebuild) {
  co_await check_rows(into, rebuild);
  co_await check_meals(into, rebuild);
}

task<void> derived_diaries::check_day(uuid member, schema::local_date date, findings& into, bool rebuild) {
  const auto row = co_await diaries_.find_day(member, date);
  const auto eaten = co_await diaries_.of_day(member, date);
  const auto drunk = co_await diaries_.water_of_day(member, date);
  const auto kept = row ? row->intake.value() : day_intake{};
  if (kept == meals::intake_of(eaten, drunk)) co_return;
  const bool behind = co_await all_.diaries_have_undelivered();
  if (behind) {
    ++into.behind;
    co_return;
  }
  into.add(row_differs, day_row_id(member, date));
  if (!rebuild) co_return;
  co_await days_.set_day(member, date);
  into.rebuilt(row_differs);
}

task<void> derived_diaries::check_rows(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.nutrition_days(after);
    for (const auto& row : page.items) co_await check_day(row.member_id, row.local_date, into, rebuild);
    after = page.next;
  } while (after);
}

task<void> derived_diaries::check_meals(findings& into, bool rebuild) {
  census::position after;
  do {
    const auto page = co_await all_.meals(after);
    std::set<std::string> days;
    for (const auto& one : page.items) {
      co_await check_entry(one, into, rebuild);
      // Those with a row were looked at before.
      const bool new_day = days.insert(day_row_id(one.member_id, one.local_date)).second;
      if (!new_day) continue;
      const auto row = co_await diaries_.find_day(one.member_id, one.local_date);
      if (!row) co_await check_day(one.member_id, one.local_date, into, rebuild);
    }
    after = page.next;
  } while (after);
}

task<void> derived_diaries::check_entry(const meal& one, findings& into, bool rebuild) {
  const auto found = co_await points_.find_entry(points_entry_id(one.member_id, points_source::meal, one.id));
  const auto of_day = co_await diaries_.of_day(one.member_id, one.local_date);
  if ((found ? found->points : 0) == points::for_meal(one.id, of_day)) co_return;
  const bool behind = co_await all_.diaries_have_undelivered();
  if (behind) {
    ++into.behind;
    co_return;
  }
  into.add(entry_differs, one.id.to_string());
  if (!rebuild) co_return;
  co_await awards_.award_day(one.member_id, one.local_date, one.id);
  into.rebuilt(entry_differs);
}

}  // namespace nxg::upkeep
