#include "store/sqlite/table.hpp"

#include "store/evaluate.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/sql.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nxg::store::sqlite {

namespace {

/// Of documents that lack a key, in an index where that counts: no text of a document is a blob.
constexpr std::string_view absent_value = "x'00'";

std::string column_name(std::string_view path) { return identifier(path == "doc" ? "doc." : path); }

bool has_column(const index_spec& index) { return index.what == index_spec::kind::ordered; }

std::string qualified(const collection_spec& spec, const index_spec& index) {
  return identifier(spec.name + "/" + index.name);
}

/// The path of the array behind an index over elements or words.
std::string array_path(const index_spec& index) {
  return index.what == index_spec::kind::words ? std::string{stored_names::words} + "." + index.name
                                               : index.keys.front().path;
}

using statements = std::map<std::string, std::string>;  // name of a schema object -> its SQL

std::string ordered_index_sql(const table& what, const index_spec& index) {
  const auto& spec = what.spec();
  std::string keys;
  bool has_id = false;
  for (const sort_key& key : index.keys) {
    has_id = has_id || key.path == stored_names::id;
    std::string spelled = what.expression(key.path);
    if (index.absent_counts && key.nullable) spelled = "ifnull(" + spelled + ", " + std::string{absent_value} + ")";
    keys += (keys.empty() ? "" : ", ") + spelled + (key.descending ? " DESC" : "");
  }
  // The id as last key makes a page in index order need no sorting.
  if (!index.unique && !has_id) keys += index.keys.back().descending ? ", id DESC" : ", id";
  std::string sql = std::string{"CREATE "} + (index.unique ? "UNIQUE " : "") + "INDEX " + qualified(spec, index) +
                    " ON " + what.name() + " (" + keys + ")";
  std::string condition = index.absent_counts ? "_gone IS NULL" : "";
  if (index.where.what != predicate::kind::everything) {
    condition += (condition.empty() ? "" : " AND ") + constant_condition(what, index.where);
  }
  return condition.empty() ? sql : sql + " WHERE " + condition;
}

void add_elements_index(const table& what, const index_spec& index, statements& objects) {
  const auto& spec = what.spec();
  const std::string side = qualified(spec, index);
  const std::string path = literal(json_path(array_path(index)));
  const std::string value = index.element.empty() ? "value" : extraction(index.element, "value");
  const auto fill = "INSERT OR IGNORE INTO " + side + " SELECT " + value + ", new._row FROM json_each(new.doc, " +
                    path + ") WHERE " + value + " IS NOT NULL;";
  const auto empty = "DELETE FROM " + side + " WHERE owner = old._row;";
  const std::string base = spec.name + "/" + index.name;
  const auto trigger = [&](const std::string& kind, const std::string& when, const std::string& body) {
    const std::string name = base + "/" + kind;
    objects[name] = "CREATE TRIGGER " + identifier(name) + " AFTER " + when + " BEGIN " + body + " END";
  };
  objects[base] = "CREATE TABLE " + side + " (value, owner INTEGER NOT NULL, PRIMARY KEY (value, owner)) WITHOUT ROWID";
  objects[base + "/owner"] = "CREATE INDEX " + identifier(base + "/owner") + " ON " + side + " (owner)";
  trigger("insert", "INSERT ON " + what.name(), fill);
  trigger("update", "UPDATE OF doc ON " + what.name() + " WHEN old.doc->" + path + " IS NOT new.doc->" + path,
          empty + " " + fill);
  trigger("delete", "DELETE ON " + what.name(), empty);
}

/// An index that counts absent values is spelled by an expression, which no query uses: this one serves them.
void add_plain_twin(const table& what, index_spec index, statements& objects) {
  index.name += "/plain";
  index.unique = index.absent_counts = false;
  objects[what.spec().name + "/" + index.name] = ordered_index_sql(what, index);
}

statements wanted_objects(const table& what) {
  statements objects;
  for (const auto& index : what.spec().indexes) {
    if (has_column(index)) {
      objects[what.spec().name + "/" + index.name] = ordered_index_sql(what, index);
      if (index.absent_counts) add_plain_twin(what, index, objects);
    } else {
      add_elements_index(what, index, objects);
    }
  }
  return objects;
}

statements present_objects(connection& on, const std::string& collection) {
  statements objects;
  run all = on.prepare("SELECT name, sql FROM sqlite_master WHERE name > ? AND name < ? AND sql IS NOT NULL");
  const std::string from = collection + "/";
  const std::string to = collection + "0";  // the character after '/'
  all.bind(std::string_view{from}).bind(std::string_view{to});
  while (all.step()) objects.emplace(all.text(0), all.text(1));
  return objects;
}

void make_table(connection& on, const table& what) {
  on.execute("CREATE TABLE IF NOT EXISTS " + what.name() +
             " (_row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, _gone INTEGER, doc TEXT NOT NULL)");
  std::set<std::string> present;
  {
    run all = on.prepare("SELECT name FROM pragma_table_xinfo(?)");
    all.bind(std::string_view{what.spec().name});
    while (all.step()) present.emplace(identifier(all.text(0)));
  }
  for (const auto& column : what.columns()) {
    if (!present.contains(column.name)) {
      on.execute("ALTER TABLE " + what.name() + " ADD COLUMN " + column.name + " AS (" + extraction(column.path) + ")");
    }
  }
}

void drop(connection& on, const std::string& name, const std::string& sql) {
  const auto kind = sql.starts_with("CREATE TABLE")     ? "TABLE "
                    : sql.starts_with("CREATE TRIGGER") ? "TRIGGER "
                                                        : "INDEX ";
  on.execute("DROP " + std::string{kind} + "IF EXISTS " + identifier(name));
}

void make_object(connection& on, const table& what, const std::string& name, const std::string& sql) {
  try {
    on.execute(sql);
  } catch (const failed& why) {
    if (!why.is_duplicate()) throw;
    throw error{failure::unavailable, "the unique index '" + name + "' cannot be made: stored documents of " +
                                          what.spec().name + " have the same value; change or remove them first"};
  }
  // A side table made later is filled from what is there.
  for (const auto& index : what.spec().indexes) {
    if (!has_column(index) && sql.starts_with("CREATE TABLE") && name == what.spec().name + "/" + index.name) {
      const std::string value = index.element.empty() ? "value" : extraction(index.element, "value");
      on.execute("INSERT OR IGNORE INTO " + identifier(name) + " SELECT " + value + ", _row FROM " + what.name() +
                 ", json_each(doc, " + literal(json_path(array_path(index))) + ") WHERE " + value + " IS NOT NULL");
    }
  }
}

void check_schema(connection& on, const collection_spec& spec) {
  on.execute("CREATE TABLE IF NOT EXISTS _collections (name TEXT PRIMARY KEY, schema INTEGER NOT NULL) WITHOUT ROWID");
  run stored = on.prepare("SELECT schema FROM _collections WHERE name = ?");
  stored.bind(std::string_view{spec.name});
  if (stored.step() && stored.integer(0) > spec.schema + 1) {
    throw error{failure::unavailable, "collection " + spec.name + " has schema version " +
                                          std::to_string(stored.integer(0)) + "; this program knows versions up to " +
                                          std::to_string(spec.schema) + ": it must be updated first"};
  }
}

void note_schema(connection& on, const collection_spec& spec) {
  run note = on.prepare(
      "INSERT INTO _collections (name, schema) VALUES (?, ?) "
      "ON CONFLICT (name) DO UPDATE SET schema = excluded.schema WHERE excluded.schema > schema");
  note.bind(std::string_view{spec.name}).bind(std::int64_t{spec.schema});
  note.step();
}

}  // namespace

std::string json_path(std::string_view path) {
  std::string out = "$";
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const auto end = std::min(path.find('.', begin), path.size());
    out += ".\"";
    out += path.substr(begin, end - begin);
    out += '"';
    begin = end + 1;
  }
  return out;
}

std::string extraction(std::string_view path, std::string_view from) {
  return std::string{from} + "->>" + literal(json_path(path));
}

table::table(std::shared_ptr<const collection_spec> of)
    : insert_sql{"INSERT INTO " + identifier(of->name) + " (id, doc) VALUES (?, ?)"},
      // A tombstone is told by what is in the document, as when it was made.
      put_sql{"INSERT INTO " + identifier(of->name) + " (id, doc, _gone) VALUES (?1, ?2, iif(" +
              extraction(stored_names::removed, "?2") + " IS NULL, NULL, 1)) ON CONFLICT (id) DO UPDATE SET " +
              "doc = excluded.doc, _gone = excluded._gone"},
      find_sql{"SELECT _row, _gone, doc FROM " + identifier(of->name) + " WHERE id = ?"},
      update_sql{"UPDATE " + identifier(of->name) + " SET doc = ?, _gone = ? WHERE _row = ?"},
      remove_sql{"DELETE FROM " + identifier(of->name) + " WHERE _row = ?"},
      spec_{std::move(of)},
      name_{identifier(spec_->name)} {
  for (const auto& index : spec_->indexes) {
    if (!has_column(index)) continue;
    for (const auto& key : index.keys) {
      if (key.path == stored_names::id) continue;
      if (std::ranges::find(columns_, key.path, &column::path) == columns_.end())
        columns_.push_back({key.path, column_name(key.path)});
    }
  }
}

std::string table::expression(std::string_view path) const {
  if (path == stored_names::id) return "id";
  const auto known = std::ranges::find(columns_, path, &column::path);
  return known != columns_.end() ? known->name : extraction(path);
}

std::string table::elements_of(std::string_view path, std::string_view element) const {
  for (const auto& index : spec_->indexes) {
    if (!has_column(index) && array_path(index) == path && index.element == element) return qualified(*spec_, index);
  }
  return {};
}

namespace {

void prepare_in_transaction(connection& on, const table& what) {
  on.forget_statements();
  on.execute("BEGIN IMMEDIATE");
  try {
    check_schema(on, what.spec());
    make_table(on, what);
    const statements wanted = wanted_objects(what);
    statements present = present_objects(on, what.spec().name);
    for (const auto& [name, sql] : present) {
      const auto kept = wanted.find(name);
      if (kept == wanted.end() || kept->second != sql) drop(on, name, sql);
    }
    present = present_objects(on, what.spec().name);  // a table takes its indexes with it
    for (const auto& [name, sql] : wanted) {
      if (!present.contains(name)) make_object(on, what, name, sql);
    }
    note_schema(on, what.spec());
    on.forget_statements();
    on.execute("COMMIT");
  } catch (...) {
    on.forget_statements();
    if (!on.autocommit()) on.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

void prepare_table(connection& on, const table& what) {
  // Waits for no disk: a new store has dozens of tables. Should the power fail now, the next start makes them again;
  // what is written later lies behind them in the log and is synced together with them.
  on.execute("PRAGMA synchronous=NORMAL");
  try {
    prepare_in_transaction(on, what);
  } catch (...) {
    on.execute("PRAGMA synchronous=FULL");
    throw;
  }
  on.execute("PRAGMA synchronous=FULL");
}

std::vector<std::string> missing_objects(connection& on, const table& what) {
  std::set<std::string> columns;
  {
    run all = on.prepare("SELECT name FROM pragma_table_xinfo(?)");
    all.bind(std::string_view{what.spec().name});
    while (all.step()) columns.emplace(identifier(all.text(0)));
  }
  if (columns.empty()) return {what.spec().name};
  const statements wanted = wanted_objects(what);
  const statements present = present_objects(on, what.spec().name);
  const auto is_there = [&](const auto& object) {
    const auto found = present.find(object.first);
    return found != present.end() && found->second == object.second;
  };
  const auto columns_of = [&](const index_spec& index) {
    return std::ranges::all_of(index.keys, [&](const sort_key& key) {
      return !has_column(index) || columns.contains(what.expression(key.path)) || key.path == stored_names::id;
    });
  };
  std::vector<std::string> names;
  for (const auto& index : what.spec().indexes) {
    const std::string base = what.spec().name + "/" + index.name;
    const bool whole = std::ranges::all_of(wanted, [&](const auto& object) {
      const bool of_this = object.first == base || object.first.starts_with(base + "/");
      return !of_this || is_there(object);
    });
    if (!whole || !columns_of(index)) names.push_back(index.name);
  }
  return names;
}

std::string index_of_failure(const table& what, std::string_view message, const document_value& document) {
  // "UNIQUE constraint failed: visits.id", "... visits.memberId, visits.state" or "... index 'visits/by_member'".
  constexpr std::string_view start = "UNIQUE constraint failed: ";
  if (!message.starts_with(start)) return {};
  message.remove_prefix(start.size());
  const std::string table_dot = what.spec().name + ".";
  if (message == table_dot + "id") return std::string{stored_names::id};
  for (const auto& index : what.spec().indexes) {
    if (!index.unique) continue;
    if (message == "index '" + what.spec().name + "/" + index.name + "'") return index.name;
    std::string columns;
    for (const auto& key : index.keys) {
      const std::string column = key.path == "doc" ? "doc." : key.path;
      columns += (columns.empty() ? "" : ", ") + table_dot + column;
    }
    if (message == columns && matches(index.where, document)) return index.name;
  }
  return {};
}

}  // namespace nxg::store::sqlite
