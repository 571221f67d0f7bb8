#pragma once

#include "models/personal_record.hpp"
#include "repositories/exercise_logs.hpp"
#include "repositories/personal_records.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/points/ledger.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nxg::training {

/// Keeps personal records and what they are worth: both are counted from what they follow from and set, any number of
/// times, in any order, from any process.
class records {
 public:
  records(repositories::exercise_logs& logs, repositories::personal_records& rows, points::ledger& ledger,
          runtime::clock& time)
      : logs_{logs}, rows_{rows}, ledger_{ledger}, time_{time} {}

  /// Counts the records of one exercise anew; says so where entries became or are no longer record setters.
  task<void> set(uuid member, uuid exercise, std::string exercise_name);
  /// Sets the ledger's entries for the records of those days, and takes back those of entries that set none any more.
  task<void> award(personal_records_changed event);

  task<store::page<personal_record>> list(uuid member, std::size_t limit, std::optional<std::string> after) {
    return rows_.list(member, limit, std::move(after));
  }
  task<std::optional<personal_record>> find(uuid member, uuid exercise) { return rows_.find(member, exercise); }

 private:
  task<std::map<uuid, std::int64_t>> worth_of_days(uuid member, std::vector<schema::local_date> days);

  repositories::exercise_logs& logs_;
  repositories::personal_records& rows_;
  points::ledger& ledger_;
  runtime::clock& time_;
};

/// What the change from one set of figures to another means for who follows it; nothing where no setter changed.
[[nodiscard]] std::optional<personal_records_changed> difference(const record_figures& before,
                                                                 const record_figures& after);

}  // namespace nxg::training
