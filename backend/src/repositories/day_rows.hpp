#pragma once

#include "models/day_rows.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>

namespace nxg {

/// Projection rows. `save` takes a row as it was read (or new: version 0) and throws version_conflict when it changed.
class day_row_repository {
 public:
  explicit day_row_repository(store::database& in) : members_{in}, machines_{in} {}

  task<std::optional<member_day>> find_member_day(uuid member, schema::local_date date) {
    return members_.find(day_row_id(member, date));
  }
  task<void> save(member_day row) { return members_.save(std::move(row)); }
  /// Newest first, dates in [from, to].
  task<store::page<member_day>> member_days(uuid member, schema::local_date from, schema::local_date to,
                                            std::size_t limit, std::optional<std::string> after);

  task<std::optional<machine_day>> find_machine_day(uuid machine, schema::local_date date) {
    return machines_.find(day_row_id(machine, date));
  }
  task<void> save(machine_day row) { return machines_.save(std::move(row)); }

 private:
  store::collection<member_day> members_;
  store::collection<machine_day> machines_;
};

}  // namespace nxg
