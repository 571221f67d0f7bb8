#pragma once

#include "models/personal_record.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::repositories {

/// Projection rows. `save` takes a row as it was read (or new: version 0) and throws version_conflict when it changed.
class personal_records {
 public:
  explicit personal_records(store::database& in) : rows_{in} {}

  task<std::optional<personal_record>> find(uuid member, uuid exercise) {
    return rows_.find(personal_record_id(member, exercise));
  }
  task<void> save(personal_record row, store::events with) { return rows_.save(std::move(row), std::move(with)); }
  /// By the name of the exercise.
  task<store::page<personal_record>> list(uuid member, std::size_t limit, std::optional<std::string> after) {
    return rows_.find_page(store::eq<&personal_record::member_id>(member),
                           store::sort<personal_record>().ascending<&personal_record::exercise_name>(), limit,
                           std::move(after));
  }

 private:
  store::collection<personal_record> rows_;
};

}  // namespace nxg::repositories
