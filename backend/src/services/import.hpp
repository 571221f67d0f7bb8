#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "schema/types.hpp"
#include "services/import_report.hpp"
#include "store/errors.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg {

/// The rows of a file that is an array of `what` ("foods"). Throws `unreadable_file`, also beyond `most` rows.
[[nodiscard]] std::vector<schema::any_json> rows_of_file(std::string_view json, std::string_view what,
                                                         std::size_t most);

/// Brings what is `kept` to what a file says: `read` are its rows, `report` has what was refused of it. Rows are told
/// apart by their `external_id`, so that importing a file again changes nothing; what the file does not name stays.
/// Throws what the store throws.
template <class Row, class Kept>
task<import_report> bring_in(std::vector<Row> read, import_report report, Kept& kept, runtime::clock& time,
                             bool (*same_content)(const Row&, const Row&)) {
  std::map<std::string, Row> stored;
  auto known_rows = co_await kept.all();
  for (auto& one : known_rows) stored.emplace(one.external_id, std::move(one));
  std::vector<Row> added;
  std::vector<Row> changed;
  const auto now = time.now();
  for (auto& one : read) {
    one.created_at = one.updated_at = now;
    const auto known = stored.find(one.external_id);
    if (known == stored.end()) {
      ++report.inserted;
      added.push_back(std::move(one));
    } else if (same_content(known->second, one)) {
      ++report.unchanged;
    } else {
      ++report.updated;
      one.id = known->second.id;
      changed.push_back(std::move(one));
    }
  }
  const auto outcomes = co_await kept.write(std::move(added), std::move(changed));
  for (const auto& outcome : outcomes) {
    // Another import ran at the same moment; running this one again settles it.
    if (outcome.refused) throw store::error{*outcome.refused};
  }
  co_return report;
}

}  // namespace nxg
