#pragma once

#include "repositories/census.hpp"
#include "repositories/meals.hpp"
#include "repositories/points.hpp"
#include "runtime/task.hpp"
#include "services/meals/balance.hpp"
#include "services/points/meal_awards.hpp"
#include "services/upkeep/findings.hpp"

namespace nxg::upkeep {

/// Compares what food diaries come to with what is written in them: the rows of days, and the points given for meals.
/// Told to, it derives anew what differs. What is merely behind, because an event of a diary is not delivered yet, is
/// no fault.
class derived_diaries {
 public:
  derived_diaries(census& all, repositories::meals& diaries, points_repository& points, meals::balance& days,
                  points::meal_awards& awards)
      : all_{all}, diaries_{diaries}, points_{points}, days_{days}, awards_{awards} {}

  task<void> check(findings& into, bool rebuild);

 private:
  task<void> check_rows(findings& into, bool rebuild);
  task<void> check_meals(findings& into, bool rebuild);
  task<void> check_day(uuid member, schema::local_date date, findings& into, bool rebuild);
  task<void> check_entry(const meal& one, findings& into, bool rebuild);

  census& all_;
  repositories::meals& diaries_;
  points_repository& points_;
  meals::balance& days_;
  points::meal_awards& awards_;
};

}  // namespace nxg::upkeep
