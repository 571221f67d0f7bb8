#include "store/mongodb/changes.hpp"

#include "store/evaluate.hpp"
#include "store/mongodb/filter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace nxg::store::mongodb {

namespace {

using kind = mutation::kind;

constexpr std::int64_t exact = std::int64_t{1} << 53;

enum operation : std::size_t { set, unset, inc, min, max, push, add_to_set, pull, set_on_insert, operations };
constexpr std::array<const char*, operations> names{"$set",  "$unset",    "$inc",  "$min",        "$max",
                                                    "$push", "$addToSet", "$pull", "$setOnInsert"};

bool below(std::string_view outer, std::string_view inner) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '.');
}

void write_each(bson_writer& to, const mutation& one) {
  to.open(one.path).open_array("$each");
  for (const auto& value : one.values) schema::write_value(to, value);
  to.close();
}

void write_pull(bson_writer& to, const mutation& one) {
  to.open(one.path);
  if (!one.element.empty()) to.open(one.element);
  to.open_array("$in");
  for (const auto& value : one.values) schema::write_value(to, value);
  to.close();
  if (!one.element.empty()) to.close();
  to.close();
}

/// Collects what belongs to one operator.
class operators {
 public:
  void add(operation which, std::string_view path, const document_value& value) {
    parts_[which].emplace_back([path = std::string{path}, &value](bson_writer& to) { to.add(path, value); });
  }
  void add(operation which, std::function<void(bson_writer&)> write) { parts_[which].push_back(std::move(write)); }

  void add(const mutation& one) {
    switch (one.what) {
      case kind::set:
        // A member that is set to nothing is one that is absent.
        return one.values.front().is_null() ? add_unset(one.path) : add(set, one.path, one.values.front());
      case kind::unset: return add_unset(one.path);
      case kind::increase: return add(inc, one.path, one.values.front());
      case kind::minimum: return add(min, one.path, one.values.front());
      case kind::maximum: return add(max, one.path, one.values.front());
      case kind::push:
        return add(push, [&one](bson_writer& to) {
          write_each(to, one);
          if (one.keep > 0) to.add("$slice", -static_cast<std::int64_t>(one.keep));
          to.close();
        });
      case kind::add_to_set:
        return add(add_to_set, [&one](bson_writer& to) {
          write_each(to, one);
          to.close();
        });
      case kind::pull: return add(pull, [&one](bson_writer& to) { write_pull(to, one); });
      case kind::set_on_insert:
        if (!one.values.front().is_null()) add(set_on_insert, one.path, one.values.front());
        return;
    }
  }
  void add_unset(std::string_view path) {
    parts_[unset].emplace_back([path = std::string{path}](bson_writer& to) { to.add(path, true); });
  }

  [[nodiscard]] std::string bson() const {
    bson_writer made;
    bool any = false;
    for (std::size_t i = 0; i < operations; ++i) {
      if (parts_[i].empty()) continue;
      any = true;
      made.open(names[i]);
      for (const auto& write : parts_[i]) write(made);
      made.close();
    }
    if (!any) made.open("$unset").add("_nothing", true).close();  // an empty update would replace the document
    return made.take();
  }

 private:
  std::array<std::vector<std::function<void(bson_writer&)>>, operations> parts_;
};

/// The members of an object that no change touches, by path.
void insert_untouched(operators& to, const document_value& object, const std::string& path,
                      const std::vector<mutation>& changes) {
  for (const auto& [name, value] : *object.get_if<document_value::object>()) {
    const std::string here = path + "." + name;
    const auto touches = [&](const mutation& one) { return below(here, one.path) || below(one.path, here); };
    if (std::ranges::none_of(changes, touches)) {
      to.add(set_on_insert, [here, value](bson_writer& out) { out.add(here, value); });
    } else if (value.get_if<document_value::object>() &&
               std::ranges::none_of(changes, [&](const mutation& one) { return below(one.path, here); })) {
      insert_untouched(to, value, here, changes);
    }
  }
}

void insert_initial(operators& to, std::string_view initial, const std::vector<mutation>& changes) {
  const bson_t document = view(initial);
  bson_iter_t at;
  bson_iter_init(&at, &document);
  while (bson_iter_next(&at)) {
    const std::string name{bson_iter_key(&at), bson_iter_key_len(&at)};
    if (name == "_id" || name == stored_names::version) continue;  // of the filter, and of `raise_version`
    if (std::ranges::any_of(changes, [&](const mutation& one) { return one.path == name; })) continue;
    if (std::ranges::none_of(changes, [&](const mutation& one) { return below(name, one.path); })) {
      to.add(set_on_insert, [element = element_at(at, initial)](bson_writer& out) { out.element(element); });
      continue;
    }
    const document_value tree = decode(initial);
    const document_value* member = tree.find(name);
    if (member && member->get_if<document_value::object>()) insert_untouched(to, *member, name, changes);
  }
}

/// An aggregation expression for the new value of one field of `_outbox`.
void write_expression(bson_writer& to, const mutation& one) {
  const std::string name = one.path.substr(stored_names::outbox.size() + 1);
  const std::string field = "$" + one.path;
  const auto or_else = [&](const document_value& otherwise) {
    to.begin_object();
    to.open_array("$ifNull");
    to.string(field);
    schema::write_value(to, otherwise);
    to.close().close();
  };
  const auto literal = [&](const document_value& value) {
    to.begin_object();
    to.add("$literal", value).close();
  };
  switch (one.what) {
    case kind::increase:
      to.open(name).open_array("$add");
      or_else(document_value{0});
      literal(one.values.front());
      break;
    case kind::minimum:
      to.open(name).open_array("$min");
      to.string(field);
      literal(one.values.front());
      break;
    case kind::push:
      to.open(name).open_array("$concatArrays");
      or_else(document_value::array{});
      literal(one.values);
      break;
    default: throw std::logic_error{"a removal changes '" + one.path + "' in a way it cannot"};
  }
  to.close().close();
}

void write_outbox(bson_writer& to, const std::vector<mutation>& changes, const instant* removed) {
  to.open("_outbox").open_array("$mergeObjects");
  to.string("$_outbox");
  to.begin_object();
  for (const auto& one : changes) write_expression(to, one);
  if (removed) to.add("removed", document_value{*removed});
  to.close().close().close();
}

/// `{a: {b: "$a.b"}}` for "a.b".
void write_kept(bson_writer& to, std::string_view path) {
  const std::string field = "$" + std::string{path};
  std::size_t depth = 0;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.'), ++depth) {
    to.open(path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  to.add(path, field);
  while (depth-- > 0) to.close();
}

std::string replacing(const std::function<void(bson_writer&)>& replacement, bool revive) {
  bson_writer made{bson_writer::purpose::document};
  made.begin_array();
  made.begin_object();
  made.key("$replaceWith");
  replacement(made);
  made.close();
  if (revive) {
    made.begin_object();
    made.add("$unset", stored_names::removed).close();
  }
  made.end_array();
  return made.take();
}

}  // namespace

std::string spell_update(const std::vector<mutation>& changes, const update_form& how) {
  operators all;
  const document_value one{1};
  if (how.raise_version) all.add(inc, stored_names::version, one);
  for (const auto& change : changes) {
    if (change.what != kind::set_on_insert || !how.initial.empty()) all.add(change);
  }
  if (!how.initial.empty()) insert_initial(all, how.initial, changes);
  const document_value none{""};
  if (how.no_insert) all.add(set_on_insert, "_id", none);
  return all.bson();
}

std::vector<std::string> guards_of(const std::vector<mutation>& changes) {
  std::vector<std::string> guards;
  for (const auto& one : changes) {
    if (one.what != kind::increase || one.path.starts_with(stored_names::outbox)) continue;
    if (const auto* by = one.values.front().get_if<std::int64_t>(); by && *by != 0) {
      guards.push_back(
          not_comparison(one.path, *by > 0 ? "$gt" : "$lt", document_value{*by > 0 ? exact - *by : -exact - *by}));
    } else if (const auto* real = one.values.front().get_if<double>(); real && *real != 0) {
      constexpr double most = std::numeric_limits<double>::max();
      guards.push_back(not_comparison(one.path, *real > 0 ? "$gt" : "$lt",
                                      document_value{*real > 0 ? most - *real : -most - *real}));
    }
  }
  return guards;
}

std::string spell_tombstone(const collection_spec& spec, const std::vector<mutation>& changes, instant now) {
  return replacing(
      [&](bson_writer& to) {
        to.begin_object();
        to.add("_id", "$_id");
        to.open("version").open_array("$add");
        to.string("$version");
        to.integer(1);
        to.close().close();
        to.add("_schema", spec.schema);
        if (!spec.shard_key.empty() && spec.shard_key != stored_names::id) write_kept(to, spec.shard_key);
        write_outbox(to, changes, &now);
        to.close();
      },
      false);
}

std::string spell_take_over(std::string_view document) {
  const document_value tree = decode(document);
  document_value bare = tree;
  bare.erase(stored_names::outbox);
  bare.erase(stored_names::id);
  std::vector<mutation> merge;
  const auto add = [&](kind what, const char* name, std::vector<document_value> values) {
    merge.push_back({.what = what, .path = "_outbox." + std::string{name}, .values = std::move(values)});
  };
  if (const document_value* added = tree.find(stored_names::outbox)) {
    add(kind::increase, "sequence", {*added->find("sequence")});
    add(kind::increase, "pending", {*added->find("pending")});
    add(kind::minimum, "dueAt", {*added->find("dueAt")});
    add(kind::push, "events", *added->find("events")->get_if<document_value::array>());
  }
  return replacing(
      [&](bson_writer& to) {
        to.begin_object();
        to.open_array("$mergeObjects");
        to.begin_object();
        to.add("$literal", bare).close();
        to.begin_object();
        to.add("_id", "$_id");
        write_outbox(to, merge, nullptr);
        to.close().close().close();
      },
      true);
}

std::string spell_difference(const document_value& before, const document_value& after) {
  operators all;
  for (const auto& [name, value] : *after.get_if<document_value::object>()) {
    if (name == stored_names::id || name == stored_names::outbox) continue;
    const document_value* was = before.find(name);
    if (!was || !(*was == value)) all.add(set, name, value);
  }
  for (const auto& [name, value] : *before.get_if<document_value::object>()) {
    if (!after.find(name)) all.add_unset(name);
  }
  return all.bson();
}

}  // namespace nxg::store::mongodb
