#pragma once

#include "store/engine.hpp"
#include "store/sqlite/table.hpp"

#include <string>
#include <vector>

namespace nxg::store::sqlite {

class connection;
class run;

/// A query as SQL and its parameters.
struct sql_query {
  std::string text;
  std::vector<document_value> parameters;
  bool conditional = false;  ///< has a condition
  bool impossible = false;   ///< nothing can match: no index is needed for that
  bool restricted = false;   ///< has one that no partial index takes over: a scan would read more than it returns
  void bind(run& to) const;
};

enum class selecting : std::uint8_t { documents, rows, number };

/// Spells a query. `documents` selects doc; `rows` _row, _gone, doc; `number` the count.
/// Throws std::logic_error for what no predicate can say (an object as value, text with a NUL).
sql_query spell(const table& in, const query& what, instant now, selecting columns);

/// A partial index's condition, with literals: a query uses the index only when it is spelled the same.
std::string constant_condition(const table& in, const predicate& condition);

/// Throws std::logic_error when the query plan scans, or sorts what an index should have sorted.
void require_index(connection& on, const sql_query& what);

/// Values as they are in stored JSON: instants and octets become text.
document_value json_form(document_value value);
void to_json_form(predicate& condition);
void to_json_form(std::vector<mutation>& changes);

}  // namespace nxg::store::sqlite
