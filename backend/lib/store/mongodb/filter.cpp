#include "store/mongodb/filter.hpp"

#include "store/predicate.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::store::mongodb {

namespace {

using kind = predicate::kind;

const document_value& scalar(const predicate& one) {
  check_single(one, one.values.front());
  return one.values.front();
}

const std::string& prefix_in(const predicate& one) {
  const auto* start = scalar(one).get_if<std::string>();
  if (!start) throw std::logic_error{"the prefix of '" + one.path + "' is no text"};
  return *start;
}

/// Nothing matches.
std::string never() {
  bson_writer made;
  made.open("_id").open_array("$in").close().close();
  return made.take();
}

std::string joined(const char* how, const std::vector<std::string>& parts) {
  bson_writer made;
  made.open_array(how);
  for (const auto& part : parts) made.document(part);
  made.close();
  return made.take();
}

std::string spell_parts(const predicate& one, const char* how) {
  std::vector<std::string> parts;
  parts.reserve(one.parts.size());
  for (const auto& part : one.parts) parts.push_back(spell(part));
  return joined(how, parts);
}

std::string spell_in(const predicate& one) {
  bson_writer made;
  made.open(stored_path(one.path)).open_array("$in");
  for (const auto& value : one.values) {
    if (!value.is_null()) schema::write_value(made, value);  // what is absent is in no list
  }
  made.close().close();
  return made.take();
}

/// `{$gte: start, $lt: end}`.
void prefix_range(bson_writer& to, const std::string& start) {
  to.add("$gte", start);
  if (const std::string end = after_prefix(start); !end.empty()) to.add("$lt", end);
}

std::string spell_prefix(const predicate& one) {
  bson_writer made;
  made.open(stored_path(one.path));
  prefix_range(made, prefix_in(one));
  made.close();
  return made.take();
}

/// Both ends of a range hold for the same element only inside $elemMatch.
std::string spell_elements(const predicate& one) {
  bson_writer made;
  made.open(stored_path(one.path));
  if (one.what == kind::lacks) made.open("$not");
  made.open("$elemMatch");
  if (one.what == kind::word_prefix) {
    prefix_range(made, prefix_in(one));
  } else {
    made.add(one.element.empty() ? "$eq" : one.element, scalar(one));
  }
  made.close();
  if (one.what == kind::lacks) made.close();
  made.close();
  return made.take();
}

std::string spell_comparison(const predicate& one, const char* op) {
  // Nothing is less or greater than what is absent.
  return scalar(one).is_null() ? never() : comparison(one.path, op, scalar(one));
}

/// Beyond the position at its key `from`, or equal there and beyond at a later one.
std::string beyond(const std::vector<sort_key>& order, const std::vector<document_value>& position, std::size_t from) {
  const sort_key& key = order[from];
  const document_value& value = position[from];
  std::vector<std::string> ways;
  if (!value.is_null()) {
    ways.push_back(comparison(key.path, key.descending ? "$lt" : "$gt", value));
    if (key.descending && key.nullable) ways.push_back(comparison(key.path, "$eq", {}));
  } else if (!key.descending) {
    ways.push_back(comparison(key.path, "$ne", {}));  // what is absent comes first
  }
  if (from + 1 < order.size()) {
    ways.push_back(joined("$and", {comparison(key.path, "$eq", value), beyond(order, position, from + 1)}));
  }
  if (ways.empty()) return never();
  return ways.size() == 1 ? ways.front() : joined("$or", ways);
}

std::string not_not(const std::string& condition) { return joined("$nor", {joined("$nor", {condition})}); }

}  // namespace

std::string comparison(std::string_view path, const char* op, const document_value& value) {
  bson_writer made;
  made.open(stored_path(path)).add(op, value).close();
  return made.take();
}

std::string not_comparison(std::string_view path, const char* op, const document_value& value) {
  bson_writer made;
  made.open(stored_path(path)).open("$not").add(op, value).close().close();
  return made.take();
}

std::string spell(const predicate& one) {
  switch (one.what) {
    case kind::everything: return bson_writer{}.take();
    case kind::all: return one.parts.empty() ? bson_writer{}.take() : spell_parts(one, "$and");
    case kind::any: return one.parts.empty() ? never() : spell_parts(one, "$or");
    case kind::equal: return comparison(one.path, "$eq", scalar(one));
    case kind::not_equal: return comparison(one.path, "$ne", scalar(one));
    case kind::less: return spell_comparison(one, "$lt");
    case kind::less_equal: return spell_comparison(one, "$lte");
    case kind::greater: return spell_comparison(one, "$gt");
    case kind::greater_equal: return spell_comparison(one, "$gte");
    case kind::in: return spell_in(one);
    case kind::exists: return comparison(one.path, "$ne", {});
    case kind::absent: return comparison(one.path, "$eq", {});
    case kind::contains:
    case kind::lacks:
    case kind::word_prefix: return spell_elements(one);
    case kind::prefix: return spell_prefix(one);
  }
  return never();
}

bool says_something(const predicate& one) {
  if (one.what == kind::all) return std::ranges::any_of(one.parts, says_something);
  return one.what != kind::everything;
}

bool can_match(const predicate& one) {
  if (one.what == kind::all) return std::ranges::all_of(one.parts, can_match);
  if (one.what == kind::any) return std::ranges::any_of(one.parts, can_match);
  if (one.what == kind::in) {
    return std::ranges::any_of(one.values, [](const auto& value) { return !value.is_null(); });
  }
  return true;
}

filter& filter::id(std::string_view value) {
  terms_.push_back(bson_writer{}.add("_id", value).take());
  return *this;
}

filter& filter::where(const predicate& condition) {
  if (condition.what == kind::all) {
    for (const auto& part : condition.parts) where(part);
  } else if (condition.what != kind::everything) {
    terms_.push_back(spell(condition));
  }
  return *this;
}

filter& filter::where_in_upsert(const predicate& condition) {
  if (says_something(condition)) terms_.push_back(not_not(spell(condition)));
  return *this;
}

filter& filter::present(instant now, bool tombstones) {
  // In the words of the unique indexes, which hold no tombstones.
  if (spec_->has_outbox && !tombstones) terms_.push_back(comparison(stored_names::removed, "$eq", {}));
  if (!spec_->expires.empty()) terms_.push_back(not_comparison(spec_->expires, "$lte", document_value{now}));
  return *this;
}

filter& filter::present_in_upsert(instant now, bool tombstones) {
  if (spec_->has_outbox && !tombstones) {
    terms_.push_back(comparison(stored_names::removed, "$exists", document_value{false}));
  }
  if (!spec_->expires.empty()) terms_.push_back(not_comparison(spec_->expires, "$lte", document_value{now}));
  return *this;
}

filter& filter::after(const query& what) {
  // A position ends with the id, whether the order does or not.
  const bool has_id = std::ranges::find(what.sort, stored_names::id, &sort_key::path) != what.sort.end();
  if (what.after.size() != what.sort.size() + (has_id ? 0 : 1))
    throw std::invalid_argument{"the position is of another order"};
  const std::vector<sort_key> order = order_of(*spec_, what);
  const sort_key& first = order.front();
  // What the first key says alone lets an index begin there.
  if (order.size() > 1 && !what.after.front().is_null() && !(first.descending && first.nullable)) {
    terms_.push_back(comparison(first.path, first.descending ? "$lte" : "$gte", what.after.front()));
  }
  terms_.push_back(beyond(order, what.after, 0));
  return *this;
}

filter& filter::term(std::string bson) {
  terms_.push_back(std::move(bson));
  return *this;
}

std::string filter::bson() const {
  if (terms_.empty()) return bson_writer{}.take();
  return terms_.size() == 1 ? terms_.front() : joined("$and", terms_);
}

namespace {

bool is_fixed(const predicate& where, const std::string& path) {
  if (where.what == kind::all)
    return std::ranges::any_of(where.parts, [&](const auto& part) { return is_fixed(part, path); });
  return where.what == kind::equal && where.path == path && !where.values.front().is_null();
}

/// Some unique index has no two of these documents at one place of the order.
bool is_total(const collection_spec& in, const query& what) {
  if (what.tombstones) return false;  // they are in no unique index
  return std::ranges::any_of(in.indexes, [&](const index_spec& index) {
    return index.unique && index.where.what == kind::everything &&
           std::ranges::all_of(index.keys, [&](const sort_key& key) {
             if (is_fixed(what.where, key.path)) return true;
             const bool always_counts = !key.nullable || index.absent_counts;
             return always_counts && std::ranges::find(what.sort, key.path, &sort_key::path) != what.sort.end();
           });
  });
}

}  // namespace

std::vector<sort_key> order_of(const collection_spec& in, const query& what) {
  std::vector<sort_key> order;
  for (const auto& key : what.sort) {
    order.push_back(key);
    if (key.path == stored_names::id) return order;  // nothing is equal any more
  }
  if (!order.empty() && is_total(in, what)) return order;
  if (order.empty() && what.limit == 1 && what.after.empty() && says_something(what.where)) return order;
  order.push_back({std::string{stored_names::id}, !order.empty() && order.back().descending, false});
  return order;
}

std::string spell_order(const std::vector<sort_key>& order) {
  bson_writer made;
  for (const auto& key : order) made.add(stored_path(key.path), key.descending ? -1 : 1);
  return made.take();
}

namespace {

void add_shape(const predicate& one, std::string& to) {
  to += std::to_string(static_cast<int>(one.what)) + one.path + "/" + one.element + "(";
  for (const auto& part : one.parts) add_shape(part, to);
  to += ")";
}

}  // namespace

std::string shape_of(const query& what) {
  std::string shape = what.tombstones ? "t" : "";
  add_shape(what.where, shape);
  for (const auto& key : what.sort) shape += (key.descending ? "-" : "+") + key.path;
  if (what.limit == 1) shape += "1";
  if (!what.after.empty()) shape += "a";
  return shape;
}

}  // namespace nxg::store::mongodb
