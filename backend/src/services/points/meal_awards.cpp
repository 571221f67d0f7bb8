#include "services/points/meal_awards.hpp"

#include "models/day_rows.hpp"
#include "services/points/awards.hpp"
#include "store/wrote_first.hpp"

namespace nxg::points {
namespace {

/// Repeats what returns whether there was anything to do, until there is not.
template <class Attempt>
task<void> until_settled(Attempt attempt) {
  constexpr int most_rounds = 16;
  for (int round = 0; round < most_rounds; ++round) {
    const bool changed = co_await attempt();
    if (!changed) co_return;
  }
  throw store::error{store::failure::busy, "an entry of the points ledger is being changed by too many at once"};
}

}  // namespace

task<void> meal_awards::award_day(uuid member, schema::local_date date, uuid changed) {
  const auto key = day_row_id(member, date);
  const coordination::coalescer::work work = [&] { return award_all(member, date); };
  co_await crowd_.run(key, work);
  const auto still_there = co_await meals_.find(member, changed);
  if (still_there && still_there->local_date == date) co_return;
  const std::vector gone{changed};
  co_await until_settled([&] { return set_all(member, date, gone); });
}

task<void> meal_awards::award_all(uuid member, schema::local_date date) {
  std::vector<uuid> all;
  const auto of_day = co_await meals_.of_day(member, date);
  for (const auto& one : of_day) all.push_back(one.id);
  co_await until_settled([&] { return set_all(member, date, all); });
}

/// True where entries were not worth what they should be. What it wrote has to be looked at again: meanwhile another
/// process may have found them as they should be.
task<bool> meal_awards::set_all(uuid member, schema::local_date date, const std::vector<uuid>& of) {
  // The entries first: what their day comes to is then at least as new.
  std::vector<points_entry> entries;
  for (const auto& meal_id : of) {
    const auto id = points_entry_id(member, points_source::meal, meal_id);
    const auto found = co_await points_.find_entry(id);
    entries.push_back(found.value_or(points_entry{.id = id,
                                                  .member_id = member,
                                                  .source_type = points_source::meal,
                                                  .source_id = meal_id,
                                                  .reason = "meal_logged",
                                                  .at = time_.now()}));
  }
  const auto of_day = co_await meals_.of_day(member, date);
  bool changed = false;
  for (auto& entry : entries) {
    const auto worth = for_meal(entry.source_id, of_day);
    if (entry.points == worth) continue;
    co_await set(std::move(entry), worth);
    changed = true;
  }
  co_return changed;
}

task<void> meal_awards::set(points_entry entry, std::int64_t worth) {
  const auto difference = worth - entry.points;
  entry.points = worth;
  ++entry.revision;
  const points_changed event{entry.id, entry.member_id, entry.source_type, entry.source_id,
                             worth,    difference,      entry.reason};
  co_await store::wrote_first(points_.save_entry(std::move(entry), event));
}

}  // namespace nxg::points
