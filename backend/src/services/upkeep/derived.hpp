#pragma once

#include "repositories/census.hpp"
#include "repositories/day_rows.hpp"
#include "repositories/points.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/points/ledger.hpp"
#include "services/upkeep/findings.hpp"
#include "services/workouts/projections.hpp"

namespace nxg::upkeep {

/// Compares what is derived with what it is derived from: day rows with final workouts, ledger entries with workouts,
/// balances with ledger entries. Told to, it derives anew what differs; also beside a running backend, as every write
/// is conditional. What is merely behind, because the event that sets it is not delivered yet, is no fault.
class derived {
 public:
  derived(census& all, workout_repository& workouts, day_row_repository& days, points_repository& points,
          workouts::projections& rows, points::ledger& ledger, runtime::clock& time)
      : all_{all}, workouts_{workouts}, days_{days}, points_{points}, rows_{rows}, ledger_{ledger}, time_{time} {}

  task<void> check(findings& into, bool rebuild);

 private:
  task<void> check_member_days(findings& into, bool rebuild);
  task<void> check_machine_days(findings& into, bool rebuild);
  task<void> check_workouts(findings& into, bool rebuild);
  task<void> check_rows_of(const std::vector<workout>& finals, findings& into, bool rebuild);
  task<void> check_entries_of(const std::vector<workout>& finals, findings& into, bool rebuild);
  task<void> check_balances(findings& into, bool rebuild);
  task<void> check_balance(uuid member, findings& into, bool rebuild);
  task<void> find_members_without_balance(findings& into, bool rebuild);

  /// What a member's ledger comes to, and the events of it that are still to move the balance.
  struct sum {
    std::int64_t points = 0;
    std::vector<uuid> undelivered;
    /// An entry changed while it was looked at: points and events do not belong together.
    bool moved = false;
  };
  task<std::int64_t> points_of(uuid member);
  task<sum> sum_of(uuid member);
  task<bool> any_behind(const std::vector<workout>& finals);
  task<void> count_anew(uuid member);

  census& all_;
  workout_repository& workouts_;
  day_row_repository& days_;
  points_repository& points_;
  workouts::projections& rows_;
  points::ledger& ledger_;
  runtime::clock& time_;
};

}  // namespace nxg::upkeep
