#pragma once

#include "store/engine.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::store::sqlite {

class connection;

/// How a collection lies in SQLite:
///
///   CREATE TABLE "visits" (_row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, _gone INTEGER, doc TEXT NOT NULL,
///                          "memberId" AS (doc->>'$."memberId"'), ...)     virtual columns: the keys of its indexes
///   CREATE TABLE "visits/by_tag" (value, owner, PRIMARY KEY (value, owner)) WITHOUT ROWID     per index over an array,
///                                                                          filled by triggers
/// `_gone` is 1 in tombstones. `doc` holds the whole document, with id and version.
class table {
 public:
  explicit table(std::shared_ptr<const collection_spec> of);

  [[nodiscard]] const collection_spec& spec() const noexcept { return *spec_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }  ///< quoted

  /// How SQL spells the value at a path: the virtual column where there is one.
  [[nodiscard]] std::string expression(std::string_view path) const;
  /// The side table of an index over that array, quoted; empty: none.
  [[nodiscard]] std::string elements_of(std::string_view path, std::string_view element) const;

  struct column {
    std::string path;
    std::string name;  ///< quoted
  };
  [[nodiscard]] const std::vector<column>& columns() const noexcept { return columns_; }

  const std::string insert_sql;
  const std::string put_sql;
  const std::string find_sql;
  const std::string update_sql;
  const std::string remove_sql;

 private:
  std::shared_ptr<const collection_spec> spec_;
  std::string name_;
  std::vector<column> columns_;
};

/// `doc->>'$."link"."memberId"'` for "link.memberId".
std::string json_path(std::string_view path);
std::string extraction(std::string_view path, std::string_view from = "doc");

/// Brings table, columns, indexes and triggers to what the collection declares; drops those it no longer declares. In
/// one transaction. Throws `error` (unavailable) where stored documents forbid a unique index or were written by a
/// newer program.
void prepare_table(connection& on, const table& what);

/// What `prepare_table` would make: names of indexes, or that of the collection where there is no such table.
std::vector<std::string> missing_objects(connection& on, const table& what);

/// The declared name of the index a failed insert or update ran into, from SQLite's message. `document` tells apart
/// unique indexes over the same keys that are partial. Empty: not found.
std::string index_of_failure(const table& what, std::string_view message, const document_value& document);

}  // namespace nxg::store::sqlite
