#include "services/points/meal_awards.hpp"

#include "services/points/awards.hpp"
#include "store/wrote_first.hpp"

namespace nxg::points {

task<void> meal_awards::award_day(uuid member, schema::local_date date, uuid changed) {
  co_await award(member, date, changed);
  const auto of_day = co_await meals_.of_day(member, date);
  for (const auto& one : of_day) {
    if (one.id != changed) co_await award(member, date, one.id);
  }
}

task<void> meal_awards::award(uuid member, schema::local_date date, uuid meal_id) {
  constexpr int most_rounds = 16;
  for (int round = 0; round < most_rounds; ++round) {
    const bool done = co_await set(member, date, meal_id);
    if (done) co_return;
  }
  throw store::error{store::failure::busy, "an entry of the points ledger is being changed by too many at once"};
}

/// False when the entry changed meanwhile.
task<bool> meal_awards::set(uuid member, schema::local_date date, uuid meal_id) {
  const auto id = points_entry_id(member, points_source::meal, meal_id);
  // The entry first: what its day comes to is then at least as new.
  const auto found = co_await points_.find_entry(id);
  const auto of_day = co_await meals_.of_day(member, date);
  const auto worth = for_meal(meal_id, of_day);
  if (found ? found->points == worth : worth == 0) co_return true;
  auto entry = found.value_or(points_entry{.id = id,
                                           .member_id = member,
                                           .source_type = points_source::meal,
                                           .source_id = meal_id,
                                           .reason = "meal_logged",
                                           .at = time_.now()});
  const auto difference = worth - entry.points;
  entry.points = worth;
  ++entry.revision;
  const points_changed event{id, member, entry.source_type, meal_id, worth, difference, entry.reason};
  co_return co_await store::wrote_first(points_.save_entry(std::move(entry), event));
}

}  // namespace nxg::points
