#include "store/sqlite/sql.hpp"

#include "store/predicate.hpp"

#include "store/evaluate.hpp"
#include "store/sqlite/connection.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace nxg::store::sqlite {

namespace {

using kind = predicate::kind;

const document_value& scalar(const predicate& one, const document_value& value) {
  check_single(one, value);
  if (const auto* text = value.get_if<std::string>(); text && text->find('\0') != std::string::npos) {
    throw std::logic_error{"the filter on '" + one.path + "' compares with a text that has a NUL in it"};
  }
  return value;
}

std::string constant(const document_value& value) {
  if (const auto* text = value.get_if<std::string>()) return literal(*text);
  if (const auto* flag = value.get_if<bool>()) return *flag ? "1" : "0";
  if (const auto* integer = value.get_if<std::int64_t>()) return std::to_string(*integer);
  throw std::logic_error{"a partial index compares with text, integers and booleans only"};
}

void collect_terms(const predicate& condition, std::vector<predicate>& terms) {
  if (condition.what == kind::all) {
    for (const auto& part : condition.parts) collect_terms(part, terms);
  } else if (condition.what != kind::everything) {
    terms.push_back(condition);
  }
}

/// Writes conditions and collects their parameters.
class speller {
 public:
  speller(const table& in, sql_query& into) : table_{&in}, into_{&into} {
    for (const auto& index : in.spec().indexes) {
      predicate where = index.where;
      to_json_form(where);
      collect_terms(where, partial_terms_);
    }
  }

  void condition(const predicate& one, bool top) {
    into_->conditional = into_->conditional || one.what != kind::everything;
    switch (one.what) {
      case kind::everything: text() += "1"; return;
      case kind::all: joined(one, " AND ", top); return;
      case kind::any: one.parts.empty() ? never(top) : joined(one, " OR ", false); return;
      case kind::contains:
      case kind::lacks: contains(one); return;
      case kind::word_prefix: word_prefix(one); return;
      default: comparison(one, top); return;
    }
  }

  void parameter(document_value value) {
    text() += '?';
    into_->parameters.push_back(std::move(value));
  }

  std::string& text() { return into_->text; }

 private:
  void never(bool top) {
    text() += '0';
    into_->impossible = into_->impossible || top;
  }

  void joined(const predicate& one, std::string_view between, bool top) {
    if (one.parts.empty()) return void(text() += "1");
    if (!top) text() += '(';
    for (const auto& part : one.parts) {
      if (&part != &one.parts.front()) text() += between;
      condition(part, top);
    }
    if (!top) text() += ')';
  }

  void operation(const predicate& one, std::string_view sign) {
    text() += sign;
    parameter(scalar(one, one.values.front()));
  }

  [[nodiscard]] bool is_partial_term(const predicate& one) const {
    return std::ranges::any_of(partial_terms_, [&](const predicate& term) {
      return term.what == one.what && term.path == one.path && std::ranges::equal(term.values, one.values, same);
    });
  }

  void comparison(const predicate& one, bool top) {
    if (one.what == kind::in && one.values.empty()) return never(top);
    const std::string field = table_->expression(one.path);
    const bool null = one.what != kind::in && !one.values.empty() && one.values.front().is_null();
    if (top && is_partial_term(one)) {
      text() += one.what == kind::exists ? field + " IS NOT NULL" : field + " = " + constant(one.values.front());
      return;
    }
    into_->restricted = true;
    text() += field;
    switch (one.what) {
      case kind::equal: null ? void(text() += " IS NULL") : operation(one, " = "); return;
      case kind::not_equal: null ? void(text() += " IS NOT NULL") : operation(one, " IS NOT "); return;
      case kind::less: operation(one, " < "); return;
      case kind::less_equal: operation(one, " <= "); return;
      case kind::greater: operation(one, " > "); return;
      case kind::greater_equal: operation(one, " >= "); return;
      case kind::exists: text() += " IS NOT NULL"; return;
      case kind::absent: text() += " IS NULL"; return;
      case kind::in: in(one); return;
      default: prefix_of(field, one); return;
    }
  }

  void in(const predicate& one) {
    // Few lengths make few statements to prepare: the last value fills up.
    text() += " IN (";
    for (std::size_t i = 0; i < std::bit_ceil(one.values.size()); ++i) {
      if (i > 0) text() += ',';
      parameter(scalar(one, one.values[std::min(i, one.values.size() - 1)]));
    }
    text() += ')';
  }

  /// `field` is written already.
  void prefix_of(const std::string& field, const predicate& one) {
    const auto* start = scalar(one, one.values.front()).get_if<std::string>();
    if (!start) throw std::logic_error{"the prefix of '" + one.path + "' is no text"};
    text() += " >= ";
    parameter(*start);
    if (std::string end = after_prefix(*start); !end.empty()) {
      text() += " AND " + field + " < ";
      parameter(std::move(end));
    }
  }

  void contains(const predicate& one) {
    into_->restricted = true;
    const std::string side = one.what == kind::contains ? table_->elements_of(one.path, one.element) : std::string{};
    if (one.what == kind::lacks) text() += "NOT ";
    if (!side.empty()) {
      text() += "_row IN (SELECT owner FROM " + side + " WHERE value = ";
    } else {
      text() += "EXISTS (SELECT 1 FROM json_each(doc, " + literal(json_path(one.path)) + ") WHERE " +
                (one.element.empty() ? std::string{"value"} : extraction(one.element, "value")) + " = ";
    }
    parameter(scalar(one, one.values.front()));
    text() += ')';
  }

  void word_prefix(const predicate& one) {
    into_->restricted = true;
    const std::string side = table_->elements_of(one.path, {});
    text() += side.empty() ? "EXISTS (SELECT 1 FROM json_each(doc, " + literal(json_path(one.path)) + ") WHERE value"
                           : "_row IN (SELECT owner FROM " + side + " WHERE value";
    prefix_of("value", one);
    text() += ')';
  }

  const table* table_;
  sql_query* into_;
  std::vector<predicate> partial_terms_;
};

struct ordered_by {
  std::string field;
  bool descending;
  bool nullable;
};

std::vector<ordered_by> order_of(const table& in, const query& what) {
  std::vector<ordered_by> order;
  bool has_id = false;
  for (const auto& key : what.sort) {
    has_id = has_id || key.path == stored_names::id;
    order.push_back({in.expression(key.path), key.descending, key.nullable});
    if (has_id) return order;  // nothing is equal any more
  }
  // One document of any order needs none.
  if (order.empty() && what.limit == 1 && what.after.empty()) return order;
  order.push_back({"id", !order.empty() && order.back().descending, false});
  return order;
}

/// "Greater", in this order, than the position: k0 beyond, or k0 same and k1 beyond, ...
void after_position(speller& sql, const std::vector<ordered_by>& order, const std::vector<document_value>& position,
                    std::size_t from) {
  const auto& key = order[from];
  const auto& value = position[from];
  const bool last = from + 1 == order.size();
  const auto beyond = [&] {
    if (value.is_null()) {
      sql.text() += key.descending ? "0" : key.field + " IS NOT NULL";  // nothing is less than what is absent
    } else {
      sql.text() += "(" + key.field + (key.descending ? " < " : " > ");
      sql.parameter(value);
      if (key.descending && key.nullable) sql.text() += " OR " + key.field + " IS NULL";
      sql.text() += ')';
    }
  };
  if (last) return beyond();
  sql.text() += '(';
  beyond();
  sql.text() += " OR (" + key.field + " IS ";
  sql.parameter(value);
  sql.text() += " AND ";
  after_position(sql, order, position, from + 1);
  sql.text() += "))";
}

/// The plain range on the first key lets the index skip what was seen; the rest decides.
void after_clause(speller& sql, const std::vector<ordered_by>& order, const std::vector<document_value>& position) {
  if (position.size() != order.size()) throw std::invalid_argument{"the position is of another order"};
  const bool one_way = std::ranges::all_of(
      order, [&](const auto& key) { return key.descending == order.front().descending && !key.nullable; });
  if (one_way && std::ranges::none_of(position, &document_value::is_null)) {
    std::string fields;
    for (const auto& key : order) fields += (fields.empty() ? "" : ",") + key.field;
    sql.text() += "(" + fields + (order.front().descending ? ") < (" : ") > (");
    for (std::size_t i = 0; i < position.size(); ++i) {
      if (i > 0) sql.text() += ',';
      sql.parameter(position[i]);
    }
    sql.text() += ')';
    return;
  }
  // What the first key says alone lets the index begin there.
  if (!position.front().is_null() && !(order.front().descending && order.front().nullable)) {
    sql.text() += order.front().field + (order.front().descending ? " <= " : " >= ");
    sql.parameter(position.front());
    sql.text() += " AND ";
  }
  after_position(sql, order, position, 0);
}

std::string_view column_list(selecting columns) {
  switch (columns) {
    case selecting::documents: return "doc";
    case selecting::rows: return "_row, _gone, doc";
    case selecting::number: return "count(*)";
  }
  return "doc";
}

}  // namespace

void sql_query::bind(run& to) const {
  for (const auto& value : parameters) to.bind(value);
}

document_value json_form(document_value value) {
  if (!value.get_if<instant>() && !value.get_if<document_value::binary>()) {
    if (auto* elements = value.get_if<document_value::array>()) {
      for (auto& one : *elements) one = json_form(std::move(one));
    } else if (auto* members = value.get_if<document_value::object>()) {
      for (auto& one : *members) one.value = json_form(std::move(one.value));
    }
    return value;
  }
  std::string text;
  schema::json_sink sink{text};
  schema::write_value(sink, value);
  return document_value{text.substr(1, text.size() - 2)};  // neither form has anything to escape
}

void to_json_form(predicate& condition) {
  for (auto& value : condition.values) value = json_form(std::move(value));
  for (auto& part : condition.parts) to_json_form(part);
}

void to_json_form(std::vector<mutation>& changes) {
  for (auto& one : changes) {
    for (auto& value : one.values) value = json_form(std::move(value));
  }
}

sql_query spell(const table& in, const query& what, instant now, selecting columns) {
  sql_query made;
  made.text = "SELECT ";
  made.text += column_list(columns);
  made.text += " FROM " + in.name() + " WHERE ";
  speller sql{in, made};
  predicate where = what.where;
  to_json_form(where);
  sql.condition(where, true);
  if (!what.tombstones && in.spec().has_outbox) made.text += " AND _gone IS NULL";
  if (!in.spec().expires.empty()) {
    const std::string field = in.expression(in.spec().expires);
    made.text += " AND (" + field + " IS NULL OR " + field + " > ";
    sql.parameter(json_form(now));
    made.text += ')';
  }
  if (columns == selecting::number) return made;
  const std::vector<ordered_by> order = order_of(in, what);
  if (!what.after.empty()) {
    std::vector<document_value> position;
    position.reserve(what.after.size());
    for (const auto& value : what.after) position.push_back(json_form(value));
    made.text += " AND ";
    after_clause(sql, order, position);
  }
  for (const auto& key : order) {
    made.text += (&key == &order.front() ? " ORDER BY " : ", ") + key.field + (key.descending ? " DESC" : "");
  }
  if (what.limit > 0) {
    made.text += " LIMIT ";
    sql.parameter(static_cast<std::int64_t>(what.limit));
  }
  return made;
}

std::string constant_condition(const table& in, const predicate& condition) {
  predicate in_json = condition;
  to_json_form(in_json);
  std::vector<predicate> terms;
  collect_terms(in_json, terms);
  std::string text;
  for (const auto& term : terms) {
    const std::string field = in.expression(term.path);
    text += (text.empty() ? "" : " AND ") + field +
            (term.what == kind::exists ? std::string{" IS NOT NULL"} : " = " + constant(term.values.front()));
  }
  return text;
}

void require_index(connection& on, const sql_query& what) {
  if (what.impossible) return;
  run plan = on.prepare("EXPLAIN QUERY PLAN " + what.text);
  what.bind(plan);
  // What an index over members of arrays (or words) finds is sorted afterwards, here as in other engines.
  const bool found_by_member = what.text.find("(SELECT owner FROM ") != std::string::npos;
  while (plan.step()) {
    const std::string_view detail = plan.text(3);
    const bool scan = detail.starts_with("SCAN ") && detail.find("json_each") == std::string_view::npos &&
                      detail.find("CONSTANT ROW") == std::string_view::npos;
    const bool by_index = detail.find(" USING ") != std::string_view::npos;
    if ((scan && what.conditional && (!by_index || what.restricted)) ||
        (detail == "USE TEMP B-TREE FOR ORDER BY" && !found_by_member)) {
      throw std::logic_error{"no declared index serves this query (" + std::string{detail} + "): " + what.text};
    }
  }
}

}  // namespace nxg::store::sqlite
