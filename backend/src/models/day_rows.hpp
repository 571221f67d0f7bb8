#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// What final workouts of one day come to. Rows are recomputed from the workouts and set, never added to.
struct day_totals {
  std::int64_t workouts = 0;
  double duration_seconds = 0;
  std::optional<double> distance_meters;
  std::optional<double> energy_kcal;
  std::int64_t set_count = 0;
  std::int64_t reps = 0;
  double volume_kg = 0;

  friend bool operator==(const day_totals&, const day_totals&) = default;
};
BOOST_DESCRIBE_STRUCT(day_totals, (),
                      (workouts, duration_seconds, distance_meters, energy_kcal, set_count, reps, volume_kg))

/// A member's training on one local date. Id: `member:date`.
struct member_day {
  std::string id;
  std::int64_t version = 0;
  uuid member_id;
  schema::local_date local_date{};
  day_totals totals;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(member_day, (), (id, version, member_id, local_date, totals, updated_at))
store::declaration<member_day> declare(store::tag<member_day>);

/// A machine's use on one local date. Id: `machine:date`.
struct machine_day {
  std::string id;
  std::int64_t version = 0;
  uuid machine_id;
  uuid branch_id;
  schema::local_date local_date{};
  day_totals totals;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(machine_day, (), (id, version, machine_id, branch_id, local_date, totals, updated_at))
store::declaration<machine_day> declare(store::tag<machine_day>);

/// `owner:2026-01-31`.
[[nodiscard]] std::string day_row_id(const uuid& owner, schema::local_date date);

}  // namespace nxg
