#include "services/workouts/projections.hpp"

#include "store/wrote_first.hpp"

namespace nxg::workouts {
namespace {

void add(std::optional<double>& to, const std::optional<double>& value) {
  if (value) to = to.value_or(0) + *value;
}

constexpr int most_rounds = 32;

[[noreturn]] void give_up() {
  throw store::error{store::failure::busy, "a day row is being changed by too many at once"};
}

}  // namespace

day_totals totals_of(const std::vector<workout>& finals) {
  day_totals totals;
  for (const auto& one : finals) {
    if (!one.figures) continue;
    const auto& figures = *one.figures;
    ++totals.workouts;
    totals.duration_seconds += figures.duration_seconds;
    add(totals.distance_meters, figures.distance_meters);
    add(totals.energy_kcal, figures.energy_kcal);
    totals.set_count += figures.set_count;
    totals.reps += figures.reps;
    totals.volume_kg += figures.volume_kg;
  }
  return totals;
}

task<void> projections::set_member_day(uuid member, schema::local_date date) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await rows_.find_member_day(member, date);
    auto row = found.value_or(member_day{.id = day_row_id(member, date), .member_id = member, .local_date = date});
    const auto finals = co_await workouts_.final_of_member_day(member, date);
    row.totals = totals_of(finals);
    if (found && found->totals == row.totals) co_return;
    row.updated_at = time_.now();
    const bool written = co_await store::wrote_first(rows_.save(std::move(row)));
    if (written) co_return;
  }
  give_up();
}

task<void> projections::set_machine_day(uuid machine, uuid branch, schema::local_date date) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await rows_.find_machine_day(machine, date);
    auto row = found.value_or(
        machine_day{.id = day_row_id(machine, date), .machine_id = machine, .branch_id = branch, .local_date = date});
    const auto finals = co_await workouts_.final_of_machine_day(machine, date);
    row.totals = totals_of(finals);
    if (found && found->totals == row.totals) co_return;
    row.updated_at = time_.now();
    const bool written = co_await store::wrote_first(rows_.save(std::move(row)));
    if (written) co_return;
  }
  give_up();
}

}  // namespace nxg::workouts
