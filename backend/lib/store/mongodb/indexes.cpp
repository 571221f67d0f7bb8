#include "store/mongodb/indexes.hpp"

#include "store/mongodb/filter.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace nxg::store::mongodb {

namespace {

constexpr const char* schemas = "_collections";  // {_id: name, schema}

/// An index as it is made and listed; what is empty is not said.
struct index {
  std::string key;
  std::string partial;
  bool unique = false;
  bool expires = false;
  friend bool operator==(const index&, const index&) = default;
};
using indexes = std::map<std::string, index>;

std::string path_of_elements(const index_spec& one) {
  if (one.what == index_spec::kind::words) return std::string{stored_names::words} + "." + one.name;
  return one.keys.front().path + (one.element.empty() ? "" : "." + one.element);
}

bool is_expiry(const collection_spec& in, const index_spec& one) {
  return !in.expires.empty() && one.name == "expires" && one.keys.front().path == in.expires;
}

std::string key_of(const collection_spec& in, const index_spec& one) {
  if (one.what != index_spec::kind::ordered) return spell_order({{path_of_elements(one), false, true}});
  std::vector<sort_key> keys = one.keys;
  const bool has_id = std::ranges::find(keys, stored_names::id, &sort_key::path) != keys.end();
  // The id as last key makes a page in index order need no sorting. An index that expires documents has one key.
  if (!one.unique && !has_id && !is_expiry(in, one))
    keys.push_back({std::string{stored_names::id}, keys.back().descending, false});
  return spell_order(keys);
}

/// The terms of a partial index, in the words the server takes: equality and `$exists`.
void add_terms(const predicate& condition, std::vector<std::string>& terms) {
  if (condition.what == predicate::kind::all) {
    for (const auto& part : condition.parts) add_terms(part, terms);
  } else if (condition.what == predicate::kind::exists) {
    terms.push_back(comparison(condition.path, "$exists", document_value{true}));
  } else if (condition.what == predicate::kind::equal) {
    terms.push_back(spell(condition));
  }
}

std::string partial_of(const collection_spec& in, const index_spec& one) {
  std::vector<std::string> terms;
  add_terms(one.where, terms);
  if (one.unique) {
    for (const auto& key : one.keys) {
      if (key.nullable && !one.absent_counts) terms.push_back(comparison(key.path, "$exists", document_value{true}));
    }
    // A tombstone takes nobody's place.
    if (in.has_outbox) terms.push_back(comparison(stored_names::removed, "$eq", {}));
  }
  if (terms.empty()) return {};
  filter all{in};
  for (auto& term : terms) all.term(std::move(term));
  return all.bson();
}

indexes wanted_indexes(const collection_spec& in) {
  indexes all;
  for (const auto& one : in.indexes) {
    all.emplace(one.name, index{.key = key_of(in, one),
                                .partial = partial_of(in, one),
                                .unique = one.unique,
                                .expires = is_expiry(in, one)});
  }
  return all;
}

/// Directions come back as they were sent, but a shell may have made the index with another type of number.
std::string plain_key(std::string_view key) {
  bson_writer made;
  const document_value keys = decode(key);
  for (const auto& [path, direction] : *keys.get_if<document_value::object>()) {
    const auto* whole = direction.get_if<std::int64_t>();
    const auto* real = direction.get_if<double>();
    made.add(stored_path(path), whole ? *whole : real ? static_cast<std::int64_t>(*real) : std::int64_t{0});
  }
  return made.take();
}

indexes present_indexes(session& on, const std::string& collection) {
  indexes all;
  bson_writer command{"listIndexes", collection};
  on.each(command, collection, [&](std::string_view bson) {
    const bson_t told = view(bson);
    const std::string name{text_in(told, "name")};
    if (name == "_id_") return;
    index one;
    bson_iter_t at;
    if (bson_iter_init_find(&at, &told, "key")) one.key = plain_key(bytes_at(at));
    if (bson_iter_init_find(&at, &told, "partialFilterExpression")) one.partial = bytes_at(at);
    one.unique = bson_iter_init_find(&at, &told, "unique") && bson_iter_as_bool(&at);
    one.expires = bson_iter_init_find(&at, &told, "expireAfterSeconds");
    all.emplace(name, std::move(one));
  });
  return all;
}

void make_index(session& on, const std::string& collection, const std::string& name, const index& one) {
  bson_writer command{"createIndexes", collection};
  command.open_array("indexes");
  command.begin_object();
  command.add("name", name).add_document("key", one.key);
  if (one.unique) command.add("unique", true);
  if (one.expires) command.add("expireAfterSeconds", 0);
  if (!one.partial.empty()) command.add_document("partialFilterExpression", one.partial);
  command.close().close();
  const reply answer = on.administer(command, collection);
  if (is_duplicate(answer.refused_with)) {
    throw error{failure::unavailable, "the unique index '" + collection + "/" + name +
                                          "' cannot be made: stored documents of " + collection +
                                          " have the same value; change or remove them first"};
  }
}

void drop_index(session& on, const std::string& collection, const std::string& name) {
  bson_writer command{"dropIndexes", collection};
  command.add("index", name);
  on.administer(command, collection);
}

bool is_there(session& on, const std::string& collection) {
  bson_writer command;
  command.add("listCollections", 1).open("filter").add("name", collection).close().add("nameOnly", true);
  bool found = false;
  on.each(command, collection, [&](std::string_view) { found = true; });
  return found;
}

/// The schema version that was prepared last; 0: none.
std::int64_t stored_schema(session& on, const std::string& collection) {
  bson_writer command{"find", schemas};
  command.open("filter").add("_id", collection).close().add("limit", 1);
  std::int64_t stored = 0;
  on.each(command, schemas, [&](std::string_view bson) { stored = integer_in(view(bson), "schema"); });
  return stored;
}

void note_schema(session& on, const collection_spec& what) {
  bson_writer command{"update", schemas};
  command.open_array("updates");
  command.begin_object();
  command.open("q").add("_id", what.name).close();
  command.open("u").open("$max").add("schema", what.schema).close().close();
  command.add("upsert", true).close().close();
  on.write(command, schemas);
}

}  // namespace

void prepare(session& on, const collection_spec& what) {
  const std::int64_t stored = stored_schema(on, what.name);
  if (stored > what.schema + 1) {
    throw error{failure::unavailable, "collection " + what.name + " has schema version " + std::to_string(stored) +
                                          "; this program knows versions up to " + std::to_string(what.schema) +
                                          ": it must be updated first"};
  }
  bson_writer creation{"create", what.name};
  on.administer(creation, what.name);
  const indexes wanted = wanted_indexes(what);
  indexes present = present_indexes(on, what.name);
  for (const auto& [name, one] : indexes{present}) {
    const auto kept = wanted.find(name);
    const bool outdated = kept == wanted.end() ? stored <= what.schema : !(kept->second == one);
    if (!outdated) continue;
    drop_index(on, what.name, name);
    present.erase(name);
  }
  for (const auto& [name, one] : wanted) {
    if (!present.contains(name)) make_index(on, what.name, name, one);
  }
  note_schema(on, what);
}

std::vector<std::string> missing(session& on, const collection_spec& what) {
  if (!is_there(on, what.name)) return {what.name};
  const indexes present = present_indexes(on, what.name);
  std::vector<std::string> names;
  for (const auto& [name, one] : wanted_indexes(what)) {
    const auto found = present.find(name);
    if (found == present.end() || !(found->second == one)) names.push_back(name);
  }
  return names;
}

}  // namespace nxg::store::mongodb
