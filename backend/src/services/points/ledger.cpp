#include "services/points/ledger.hpp"

#include "services/points/awards.hpp"
#include "store/wrote_first.hpp"

namespace nxg::points {
namespace {

constexpr int most_rounds = 16;

[[noreturn]] void give_up() {
  throw store::error{store::failure::busy, "an entry of the points ledger is being changed by too many at once"};
}

}  // namespace

task<void> ledger::award(uuid workout_id, bool anew) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto source = co_await workouts_.find(workout_id);
    if (!source || !source->figures) co_return;
    const auto id = points_entry_id(source->member_id, points_source::workout, workout_id);
    const auto found = co_await points_.find_entry(id);
    const auto worth = for_workout(*source->figures);
    const bool known = found && found->revision >= source->revision;
    if (known && (!anew || found->points == worth)) co_return;
    if (!found && worth == 0) co_return;
    auto entry = found.value_or(points_entry{.id = id,
                                             .member_id = source->member_id,
                                             .source_type = points_source::workout,
                                             .source_id = workout_id,
                                             .reason = "workout_completed",
                                             .at = time_.now()});
    entry.revision = source->revision;
    const bool written = co_await write(std::move(entry), worth);
    if (written) co_return;
  }
  give_up();
}

task<void> ledger::set(award_of what) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto id = points_entry_id(what.member_id, what.source_type, what.source_id);
    const auto found = co_await points_.find_entry(id);
    if (found ? found->points == what.points : what.points == 0) co_return;
    auto entry = found.value_or(points_entry{.id = id,
                                             .member_id = what.member_id,
                                             .source_type = what.source_type,
                                             .source_id = what.source_id,
                                             .reason = what.reason,
                                             .at = time_.now()});
    const bool written = co_await write(std::move(entry), what.points);
    if (written) co_return;
  }
  give_up();
}

task<bool> ledger::write(points_entry entry, std::int64_t worth) {
  const auto difference = worth - entry.points;
  entry.points = worth;
  const points_changed event{entry.id, entry.member_id, entry.source_type, entry.source_id,
                             worth,    difference,      entry.reason};
  return store::wrote_first(points_.save_entry(std::move(entry), event));
}

task<points_balance> ledger::apply(points_changed change, uuid event) {
  return points_.apply(change.member_id, change.difference, event, time_.now());
}

task<points_balance> ledger::balance_of(uuid member) {
  auto found = co_await points_.find_balance(member);
  co_return found.value_or(points_balance{.id = member});
}

}  // namespace nxg::points
