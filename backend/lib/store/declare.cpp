#include "store/declare.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace nxg::store::detail {

namespace {

constexpr std::string_view outbox_index = "outbox_due";
constexpr std::string_view expiry_index = "expires";

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 48 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool partial_condition_is_simple(const predicate& where) {
  switch (where.what) {
    case predicate::kind::everything:
    case predicate::kind::exists: return true;
    case predicate::kind::equal: return !where.values.front().is_null();
    case predicate::kind::all: return std::ranges::all_of(where.parts, partial_condition_is_simple);
    default: return false;
  }
}

void check_index(const index_spec& index, const collection_rules& rules, std::vector<std::string>& problems) {
  const auto complain = [&](const std::string& what) { problems.push_back("index '" + index.name + "' " + what); };
  if (!is_name(index.name)) complain("needs a name of letters, digits and underscores");
  if (index.name == "id" || index.name == outbox_index || index.name == expiry_index)
    complain("has a name that is taken");
  if (index.keys.empty()) complain("has no key");
  if (!partial_condition_is_simple(index.where)) complain("may be partial by eq and exists only");
  if (index.what != index_spec::kind::ordered) {
    if (index.keys.size() != 1) complain("is over an array or words: they have one key");
    if (index.unique) complain("is over an array or words and cannot be unique");
    if (index.where.what != predicate::kind::everything) complain("is over an array or words and cannot be partial");
  }
  if (index.absent_counts && !index.unique)
    complain("says absent_counts, which means something for unique indexes only");
  if (index.unique && rules.shard.what() == shard_kind::sharded) {
    const auto& shard = rules.shard.paths().front();
    if (std::ranges::find(index.keys, shard, &sort_key::path) == index.keys.end()) {
      complain("is unique and must contain the shard key '" + shard + "'");
    }
  }
}

void check_reason(const auto& rule, bool needed, std::string_view what, std::vector<std::string>& problems) {
  if (needed && rule.reason().empty()) problems.push_back(std::string{what} + " needs a reason");
}

std::vector<std::string> problems_of(const collection_rules& rules, const collection_spec& spec) {
  std::vector<std::string> problems;
  if (!is_name(spec.name)) problems.push_back("the name must be of letters, digits and underscores");
  if (spec.schema < 1) problems.push_back("schema versions begin at 1");
  if (std::ssize(spec.lifts) != spec.schema - 1)
    problems.push_back("there must be one lift for every schema version but the first");
  check_reason(rules.shard, rules.shard.what() == shard_kind::unsharded, "unsharded", problems);
  check_reason(rules.owner, rules.owner.what() == owner_kind::nobody, "nobodys", problems);
  check_reason(rules.exported, rules.exported.what() == export_kind::not_at_all, "not_exported", problems);
  check_reason(rules.erased, rules.erased.what() == erase_kind::kept, "not_erased", problems);
  check_reason(rules.kept, rules.kept.what() == retention::kind::for_good, "kept_for_good", problems);
  if (rules.kept.what() == retention::kind::for_some_time && rules.kept.time() <= std::chrono::hours{0}) {
    problems.push_back("kept_for needs a time");
  }
  if (rules.kept.what() == retention::kind::until && !rules.events.empty()) {
    problems.push_back("a collection whose documents expire carries no events: they would expire with it");
  }
  std::set<std::string> names;
  for (const auto& index : spec.indexes) {
    check_index(index, rules, problems);
    if (!names.insert(index.name).second) problems.push_back("two indexes are named '" + index.name + "'");
  }
  for (const auto& event : rules.events) {
    if (event.schema < 1 || std::ssize(event.lifts) != event.schema - 1) {
      problems.push_back("event '" + event.name + "' needs one lift for every schema version but the first");
    }
  }
  return problems;
}

index_spec own_index(std::string_view name, std::string path) {
  index_spec index{.name = std::string{name}, .keys = {{path, false, true}}};
  index.where = {.what = predicate::kind::exists, .path = std::move(path)};
  return index;
}

}  // namespace

std::shared_ptr<const collection_rules> rules_of(collection_rules declared, collection_spec spec) {
  const std::vector<std::string> problems = problems_of(declared, spec);
  if (!problems.empty()) {
    std::string all = "the declaration of collection '" + spec.name + "': ";
    for (const auto& problem : problems) all += (&problem == &problems.front() ? "" : "; ") + problem;
    throw std::logic_error{all};
  }
  if (!declared.shard.paths().empty()) spec.shard_key = declared.shard.paths().front();
  if (declared.kept.what() == retention::kind::until) spec.expires = declared.kept.path();
  if (!declared.kept.path().empty()) spec.indexes.push_back(own_index(expiry_index, declared.kept.path()));
  spec.has_outbox = !declared.events.empty();
  if (spec.has_outbox) spec.indexes.push_back(own_index(outbox_index, "_outbox.dueAt"));
  declared.spec = std::make_shared<const collection_spec>(std::move(spec));
  return std::make_shared<const collection_rules>(std::move(declared));
}

}  // namespace nxg::store::detail
