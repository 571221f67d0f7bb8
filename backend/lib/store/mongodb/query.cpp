#include "store/mongodb/query.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace nxg::store::mongodb {

namespace {

std::string filter_of(const collection_spec& in, const query& what, instant now) {
  filter made{in};
  made.where(what.where).present(now, what.tombstones);
  if (!what.after.empty()) made.after(what);
  return made.bson();
}

void add_query(bson_writer& to, const collection_spec& in, const query& what, instant now, bool ordered = true) {
  to.add_document("filter", filter_of(in, what, now));
  if (const auto order = order_of(in, what); ordered && !order.empty()) to.add_document("sort", spell_order(order));
  if (what.limit > 0) to.add("limit", static_cast<std::int64_t>(what.limit));
}

/// Everything there is, in the order of the ids: no index but theirs can serve it.
void add_hint(bson_writer& to) { to.open("hint").add("_id", 1).close(); }

}  // namespace

std::vector<stored_document> find(session& on, const collection_spec& in, const query& what, instant now) {
  std::vector<stored_document> found;
  if (!can_match(what.where)) return found;
  bson_writer command{"find", in.name};
  add_query(command, in, what, now);
  if (!says_something(what.where) && what.sort.empty()) add_hint(command);
  // The first batch is 101 documents unless told.
  if (what.limit > 0) command.add("batchSize", static_cast<std::int64_t>(what.limit));
  on.each(command, in.name, [&](std::string_view bson) { found.push_back({std::string{bson}}); });
  return found;
}

std::uint64_t count(session& on, const collection_spec& in, const query& what, instant now) {
  if (!can_match(what.where)) return 0;
  // "count" is not exact where documents move between shards.
  bson_writer command{"aggregate", in.name};
  command.open_array("pipeline");
  command.begin_object();
  command.add_document("$match", filter_of(in, what, now)).close();
  command.begin_object();
  command.add("$count", "number").close().close();
  command.open("cursor").close();
  if (!says_something(what.where)) add_hint(command);
  std::int64_t number = 0;
  on.each(command, in.name, [&](std::string_view bson) { number = integer_in(view(bson), "number"); });
  return static_cast<std::uint64_t>(number);
}

std::optional<stored_document> find_by_id(session& on, const collection_spec& in, std::string_view id) {
  bson_writer command{"find", in.name};
  command.add_document("filter", filter{in}.id(id).bson()).add("limit", 1).add("singleBatch", true);
  std::optional<stored_document> found;
  on.each(command, in.name, [&](std::string_view bson) { found = stored_document{std::string{bson}}; });
  return found;
}

namespace {

/// What a plan of the server's consists of.
struct plan {
  bool scans = false;      ///< the collection
  bool sorts = false;      ///< what an index should have sorted
  bool unbounded = false;  ///< reads an index from end to end
  bool finds_one = false;  ///< by a unique index: there is nothing to sort
};

/// The ranges read of each key of an index, as the server spells them; empty: several.
std::vector<std::string_view> bounds_of(const document_value& stage) {
  std::vector<std::string_view> all;
  const document_value* bounds = stage.find("indexBounds");
  const auto* keys = bounds ? bounds->get_if<document_value::object>() : nullptr;
  if (!keys) return all;
  for (const auto& [path, ranges] : *keys) {
    const auto* each = ranges.get_if<document_value::array>();
    const auto* text = each && each->size() == 1 ? each->front().get_if<std::string>() : nullptr;
    all.push_back(text ? std::string_view{*text} : std::string_view{});
  }
  return all;
}

/// "[x, x]"
bool is_point(std::string_view range) {
  if (range.size() < 6 || range.size() % 2 != 0) return false;
  range = range.substr(1, range.size() - 2);
  const std::size_t half = (range.size() - 2) / 2;
  return range.substr(0, half) == range.substr(half + 2);
}

bool is_true(const document_value& stage, std::string_view name) {
  const document_value* found = stage.find(name);
  const bool* value = found ? found->get_if<bool>() : nullptr;
  return value && *value;
}

void look_at(const document_value& stage, plan& into) {
  const document_value* name = stage.find("stage");
  const auto* what = name ? name->get_if<std::string>() : nullptr;
  if (what) {
    into.scans = into.scans || *what == "COLLSCAN";
    into.sorts = into.sorts || *what == "SORT";
    if (*what == "IXSCAN") {
      const auto bounds = bounds_of(stage);
      into.unbounded =
          into.unbounded || bounds.empty() || bounds[0] == "[MinKey, MaxKey]" || bounds[0] == "[MaxKey, MinKey]";
      into.finds_one = is_true(stage, "isUnique") && std::ranges::all_of(bounds, is_point);
    }
  }
  for (const char* below : {"inputStage", "inputStages", "queryPlan"}) {
    const document_value* next = stage.find(below);
    if (!next) continue;
    const auto* several = next->get_if<document_value::array>();
    if (!several) {
      look_at(*next, into);
      continue;
    }
    for (const auto& one : *several) look_at(one, into);
  }
}

bool looks_into_arrays(const predicate& one) {
  return one.what == predicate::kind::contains || one.what == predicate::kind::word_prefix ||
         std::ranges::any_of(one.parts, looks_into_arrays);
}

/// The conditions that partial indexes take over: within such an index they restrict nothing.
void collect_terms(const predicate& condition, std::vector<std::string>& terms) {
  if (condition.what == predicate::kind::all) {
    for (const auto& part : condition.parts) collect_terms(part, terms);
  } else if (condition.what != predicate::kind::everything) {
    terms.push_back(spell(condition));
  }
}

bool is_restricted(const collection_spec& in, const query& what) {
  std::vector<std::string> asked, partial;
  collect_terms(what.where, asked);
  for (const auto& index : in.indexes) collect_terms(index.where, partial);
  return std::ranges::any_of(asked, [&](const auto& one) { return std::ranges::find(partial, one) == partial.end(); });
}

bool serves(const plan& one, const collection_spec& in, const query& what) {
  if (one.scans || (one.unbounded && is_restricted(in, what))) return false;
  // What is found by an element of an array is sorted afterwards, here as in other engines; and an index that expires
  // documents has one key, without the id.
  const bool by_expiry = what.sort.size() == 1 && !in.expires.empty() && what.sort.front().path == in.expires;
  return !one.sorts || one.finds_one || looks_into_arrays(what.where) || by_expiry;
}

}  // namespace

void plan_check::require_index(session& on, const collection_spec& in, const query& what, instant now, bool ordered) {
  if (!strict_ || !can_match(what.where) || (!says_something(what.where) && what.sort.empty())) return;
  const std::string shape = in.name + (ordered ? " " : " counted ") + shape_of(what);
  {
    const std::lock_guard lock{mutex_};
    if (known_.contains(shape)) return;
  }
  bson_writer command;
  command.open("explain").add("find", in.name);
  add_query(command, in, what, now, ordered);
  command.close().add("verbosity", "queryPlanner");
  const reply answer = on.read(command, in.name);
  const std::string_view told = answer.document_at("queryPlanner");
  const document_value planner = told.empty() ? document_value{} : decode(told);
  std::vector<const document_value*> candidates{planner.find("winningPlan")};
  const document_value* rejected = planner.find("rejectedPlans");
  if (const auto* others = rejected ? rejected->get_if<document_value::array>() : nullptr) {
    for (const auto& one : *others) candidates.push_back(&one);
  }
  const bool served = std::ranges::any_of(candidates, [&](const document_value* one) {
    plan made;
    if (one) look_at(*one, made);
    return one && serves(made, in, what);
  });
  if (!served) throw std::logic_error{"no declared index serves this query on " + in.name + ": " + shape};
  const std::lock_guard lock{mutex_};
  known_.insert(shape);
}

}  // namespace nxg::store::mongodb
