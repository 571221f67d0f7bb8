#include "store/collection.hpp"

#include "store/evaluate.hpp"
#include "store/outbox_format.hpp"
#include "store/words.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::store::detail {

namespace {

constexpr std::size_t most_writes = 1'000;
constexpr std::size_t most_values = 1'000;

std::string index_of_words(const collection_spec& spec, std::string_view path) {
  for (const auto& index : spec.indexes) {
    if (index.what == index_spec::kind::words && index.keys.front().path == path) return index.name;
  }
  return {};
}

/// Names the indexes of words, and refuses what no engine can say.
void complete(predicate& condition, const collection_spec& spec) {
  for (auto& part : condition.parts) complete(part, spec);
  if (condition.values.size() > most_values) throw std::invalid_argument{"a filter names more than 1,000 values"};
  if (condition.what != predicate::kind::word_prefix) return;
  const std::string index = index_of_words(spec, condition.path);
  if (index.empty())
    throw std::logic_error{spec.name + " declares no index over the words of '" + condition.path + "'"};
  condition.path = std::string{stored_names::words} + "." + index;
}

bool touches(std::string_view path, std::string_view other) {
  const auto below = [](std::string_view outer, std::string_view inner) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '.');
  };
  return below(path, other) || below(other, path);
}

void check_operators(const std::vector<mutation>& operators, const collection_spec& spec) {
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const std::string& path = operators[i].path;
    if (path == stored_names::id || path == stored_names::version ||
        (!spec.shard_key.empty() && touches(path, spec.shard_key))) {
      throw std::logic_error{"an update of " + spec.name + " changes '" + path + "', which stays as it was inserted"};
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (touches(path, operators[j].path)) {
        throw std::logic_error{"an update of " + spec.name + " has two operators for '" + path + "'"};
      }
    }
  }
}

/// What the words indexes hold has to follow the texts they are over.
void keep_words(std::vector<mutation>& operators, const collection_spec& spec) {
  std::vector<mutation> more;
  for (const auto& index : spec.indexes) {
    if (index.what != index_spec::kind::words) continue;
    const std::string& path = index.keys.front().path;
    for (const auto& one : operators) {
      if (!touches(one.path, path)) continue;
      if (one.what != mutation::kind::set && one.what != mutation::kind::unset &&
          one.what != mutation::kind::set_on_insert) {
        throw std::logic_error{"'" + path + "' of " + spec.name + " has an index over its words: change it by set"};
      }
      const document_value* text = one.what == mutation::kind::unset ? nullptr : &one.values.front();
      if (text && one.path.size() < path.size())
        text = value_at_path(*text, std::string_view{path}.substr(one.path.size() + 1));
      more.push_back({.what = one.what == mutation::kind::set_on_insert ? one.what : mutation::kind::set,
                      .path = std::string{stored_names::words} + "." + index.name,
                      .values = {words_in(text)}});
    }
  }
  for (auto& one : more) operators.push_back(std::move(one));
}

/// Every member but id, version and the shard key, which cannot have changed.
std::vector<mutation> set_every(document_value document, const schema::object_shape& what, const collection_spec& spec,
                                const std::vector<mutation>& apart_from) {
  std::vector<mutation> operators;
  for (const auto& field : what.fields) {
    const bool stays = field.key == stored_names::id || field.key == stored_names::version ||
                       (!spec.shard_key.empty() && touches(field.key, spec.shard_key)) ||
                       std::ranges::any_of(apart_from, [&](const auto& one) { return touches(one.path, field.key); });
    if (stays) continue;
    document_value* value = document.find(field.key);
    mutation one{.what = mutation::kind::unset, .path = std::string{field.key}};
    if (value && !value->is_null()) {
      one.what = mutation::kind::set;
      one.values.push_back(std::move(*value));
    }
    operators.push_back(std::move(one));
  }
  return operators;
}

document_value to_value(const document_writer& write, schema::cipher* seals) {
  schema::value_sink sink;
  sink.begin_object();
  write(sink, seals);
  sink.end_object();
  return sink.take();
}

document_value::array position_in(std::string_view token, std::size_t keys) {
  const auto refuse = []() -> document_value::array {
    throw std::invalid_argument{"the token is of no page of this list"};
  };
  document_value parsed;
  try {
    parsed = schema::document_from_json(token);
  } catch (const schema::invalid&) {
    return refuse();
  }
  auto* position = parsed.get_if<document_value::array>();
  if (!position || position->size() != keys || !position->back().get_if<std::string>()) return refuse();
  for (auto& value : *position) {
    if (value.get_if<document_value::array>()) return refuse();
    if (!value.get_if<document_value::object>()) continue;
    const document_value* time = value.find("at");
    const auto* ms = time ? time->get_if<std::int64_t>() : nullptr;
    if (!ms) return refuse();
    value = instant{std::chrono::milliseconds{*ms}};
  }
  return std::move(*position);
}

/// The keys of a position: those of the sort, and the id unless it is one of them.
std::vector<std::string> position_keys(const std::vector<sort_key>& sort) {
  std::vector<std::string> keys;
  for (const auto& key : sort) {
    keys.push_back(key.path);
    if (key.path == stored_names::id) return keys;
  }
  keys.emplace_back(stored_names::id);
  return keys;
}

}  // namespace

bool has_sealed(const schema::shape& what) {
  switch (what.what) {
    case schema::kind::sealed: return true;
    case schema::kind::optional: return has_sealed(*static_cast<const schema::optional_shape&>(what).value);
    case schema::kind::list: return has_sealed(*static_cast<const schema::list_shape&>(what).element);
    case schema::kind::map: return has_sealed(*static_cast<const schema::map_shape&>(what).value);
    case schema::kind::object:
      return std::ranges::any_of(static_cast<const schema::object_shape&>(what).fields,
                                 [](const schema::field& one) { return has_sealed(*one.value); });
    default: return false;
  }
}

untyped_collection::untyped_collection(database& in, std::shared_ptr<const collection_rules> rules, bool sealed)
    : database_{&in}, rules_{in.add(std::move(rules))}, sealed_{sealed} {}

document_value untyped_collection::decode(const stored_document& document) const {
  document_value value = database_->port().decode(document);
  lift(*rules_->spec, value);
  return value;
}

task<std::optional<document_value>> untyped_collection::find(std::string id) {
  query what{.where = compare(predicate::kind::equal, std::string{stored_names::id}, document_value{std::move(id)}),
             .limit = 1};
  const auto found = co_await database_->port().find(rules_->spec, std::move(what), database_->clock().now());
  std::optional<document_value> result;
  if (!found.empty()) result = decode(found.front());
  co_return result;
}

task<std::vector<document_value>> untyped_collection::find_some(predicate where, std::vector<sort_key> sort,
                                                                std::size_t limit, std::string after) {
  complete(where, *rules_->spec);
  query what{.where = std::move(where), .sort = std::move(sort), .limit = limit};
  if (!after.empty()) what.after = position_in(after, position_keys(what.sort).size());
  const auto found = co_await database_->port().find(rules_->spec, std::move(what), database_->clock().now());
  std::vector<document_value> documents;
  documents.reserve(found.size());
  for (const auto& one : found) documents.push_back(decode(one));
  co_return documents;
}

task<std::uint64_t> untyped_collection::count(predicate where) {
  complete(where, *rules_->spec);
  query what{.where = std::move(where)};
  co_return co_await database_->port().count(rules_->spec, std::move(what), database_->clock().now());
}

std::string untyped_collection::token_after(const document_value& last, const std::vector<sort_key>& sort) const {
  document_value::array position;
  for (const auto& path : position_keys(sort)) {
    const document_value* value = value_at_path(last, path);
    if (const auto* time = value ? value->get_if<instant>() : nullptr) {
      // Text would come back as text, which other engines tell from an instant.
      position.emplace_back(document_value::object{{"at", time->time_since_epoch().count()}});
    } else {
      position.push_back(value ? *value : document_value{});
    }
  }
  std::string token;
  schema::json_sink sink{token};
  schema::write_value(sink, document_value{std::move(position)});
  return token;
}

task<std::shared_ptr<schema::cipher>> untyped_collection::cipher_for(const document_value& stored) {
  std::shared_ptr<schema::cipher> seals;
  if (!sealed_) co_return seals;
  if (!database_->keys())
    throw std::logic_error{rules_->spec->name + " has encrypted members: the database needs a keyring"};
  std::string owner;
  if (rules_->owner.what() == owner_kind::member) owner = text_at(stored, rules_->owner.paths().front());
  seals =
      co_await database_->keys()->cipher_for(rules_->spec->name, text_at(stored, stored_names::id), std::move(owner));
  co_return seals;
}

task<std::shared_ptr<schema::cipher>> untyped_collection::cipher_of(const pending_write& write) {
  std::shared_ptr<schema::cipher> none;
  if (!sealed_ || (!write.document && write.sealed.empty())) co_return none;
  if (write.document) {
    // Sealed members are left empty: only id and owner are looked at.
    struct blank final : schema::cipher {
      std::string seal(std::string_view, std::string_view) override { return {}; }
      std::optional<std::string> open(std::string_view, std::string_view) override { return std::nullopt; }
    } nothing;
    const document_value document = to_value(write.document, &nothing);
    co_return co_await cipher_for(document);
  }
  if (write.id.empty()) throw std::logic_error{"an encrypted member of " + rules_->spec->name + " is set by id only"};
  const auto stored = co_await find(write.id);
  if (!stored) throw error{failure::not_found, "no " + rules_->spec->name + " document of that id"};
  co_return co_await cipher_for(*stored);
}

task<write_operation> untyped_collection::to_operation(pending_write write, instant now) {
  const collection_spec& spec = *rules_->spec;
  const std::shared_ptr<schema::cipher> seals = co_await cipher_of(write);
  write_operation made{.what = write.what,
                       .id = std::move(write.id),
                       .where = write.where.value_or(predicate{}),
                       .sort = std::move(write.sort),
                       .expected_version = write.expected,
                       .changes = std::move(write.operators),
                       .new_events = write.with.entries().size(),
                       .bookkeeping = write.bookkeeping,
                       .wanted = write.wanted};
  complete(made.where, spec);
  if (made.new_events > static_cast<std::size_t>(max_pending_events)) {
    throw error{failure::busy, "more than 64 events in one write of " + spec.name};
  }
  for (const auto& [path, seal] : write.sealed) {
    made.changes.push_back({.what = mutation::kind::set, .path = path, .values = {seal(*seals)}});
  }
  if (write.every_member) {
    auto all = set_every(to_value(write.document, seals.get()), *write.every_member, spec, made.changes);
    std::ranges::move(all, std::back_inserter(made.changes));
  }
  check_operators(made.changes, spec);
  keep_words(made.changes, spec);
  const document_value outbox = outbox_of(write.with, *rules_, now, database_->random());
  if (write.what == write_operation::kind::insert || write.what == write_operation::kind::upsert) {
    // An upsert adds its events by operators, in both cases.
    const bool with_outbox = write.what == write_operation::kind::insert && !outbox.is_null();
    const bool has_words =
        std::ranges::any_of(spec.indexes, [](const auto& one) { return one.what == index_spec::kind::words; });
    const document_value words =
        has_words ? words_of_document(to_value(write.document, seals.get()), spec) : document_value{};
    made.document = database_->port().encode([&](document_sink& sink) {
      sink.begin_object();
      write.document(sink, seals.get());
      sink.key(stored_names::schema);
      sink.integer(spec.schema);
      if (has_words) {
        sink.key(stored_names::words);
        schema::write_value(sink, words);
      }
      if (with_outbox) {
        sink.key(stored_names::outbox);
        schema::write_value(sink, outbox);
      }
      sink.end_object();
    });
  }
  if (write.what != write_operation::kind::insert) add_to_outbox(outbox, made.changes);
  co_return made;
}

task<std::vector<write_result>> untyped_collection::write(std::vector<pending_write> writes) {
  if (writes.size() > most_writes) throw std::invalid_argument{"more than 1,000 writes at once"};
  const instant now = database_->clock().now();
  struct after {
    bool by_id, new_row, events;
  };
  std::vector<after> remembered;
  std::vector<write_operation> operations;
  for (auto& one : writes) {
    remembered.push_back(
        {!one.id.empty() && !one.where && one.what != write_operation::kind::insert, one.new_row, !one.with.empty()});
    operations.push_back(co_await to_operation(std::move(one), now));
  }
  std::vector<write_result> results = co_await database_->port().write(rules_->spec, std::move(operations), now);
  for (std::size_t i = 0; i < results.size(); ++i) {
    write_result& one = results[i];
    if (!one.matched && !one.refused && remembered[i].by_id) {
      one.refused = error{failure::not_found, "no " + rules_->spec->name + " document of that id"};
    }
    if (one.refused && remembered[i].new_row && one.refused->index() == stored_names::id) {
      one.refused = error{failure::version_conflict, rules_->spec->name + ": the document exists by now"};
    }
    if (one.matched && remembered[i].events) database_->wrote(rules_, one.id);
  }
  co_return results;
}

task<write_result> untyped_collection::write_one(pending_write write) {
  std::vector<pending_write> writes;
  writes.push_back(std::move(write));
  std::vector<write_result> results = co_await this->write(std::move(writes));
  if (results.front().refused) throw *results.front().refused;
  co_return std::move(results.front());
}

}  // namespace nxg::store::detail
