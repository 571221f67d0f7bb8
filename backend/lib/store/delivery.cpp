#include "store/delivery.hpp"

#include "store/evaluate.hpp"
#include "store/outbox_format.hpp"

#include <algorithm>
#include <utility>

namespace nxg::store::detail {

namespace {

std::string outbox_path(std::string_view name) { return std::string{stored_names::outbox} + "." + std::string{name}; }

predicate term(predicate::kind what, std::string path, document_value value) {
  return {.what = what, .path = std::move(path), .values = {std::move(value)}};
}

predicate either(predicate a, predicate b) {
  return {.what = predicate::kind::any, .parts = {std::move(a), std::move(b)}};
}

/// Events pushed since the last settling have no sequence yet: they are the last ones.
void number(outbox_state& state) {
  std::int64_t next = state.sequence;
  for (auto one = state.events.rbegin(); one != state.events.rend(); ++one) {
    const std::int64_t known = integer_at(one->stored, "sequence");
    one->info.sequence = known > 0 ? known : next;
    if (known <= 0) one->stored.set("sequence", next);
    next = one->info.sequence - 1;
  }
}

pending_event event_in(const document_value& stored, const collection_rules& rules, const std::string& id) {
  pending_event one{stored, {}};
  one.info.id = uuid::parse(text_at(stored, "id")).value_or(uuid{});
  one.info.type = text_at(stored, "type");
  one.info.collection = rules.spec->name;
  one.info.document = id;
  one.info.at = time_at(stored, "at");
  one.info.delivery = static_cast<int>(integer_at(stored, "tries")) + 1;
  return one;
}

}  // namespace

task<std::optional<outbox_state>> outbox_access::read(std::shared_ptr<const collection_rules> rules, std::string id) {
  query what{.where = term(predicate::kind::equal, std::string{stored_names::id}, document_value{id}),
             .limit = 1,
             .tombstones = true};
  const auto found = co_await database_->port().find(rules->spec, std::move(what), database_->clock().now());
  std::optional<outbox_state> result;
  if (found.empty()) co_return result;
  const document_value document = database_->port().decode(found.front());
  const document_value* outbox = value_at_path(document, stored_names::outbox);
  if (!outbox) co_return result;
  result.emplace();
  result->sequence = integer_at(*outbox, "sequence");
  result->removed = value_at_path(*outbox, "removed") != nullptr;
  result->claimed_by = text_at(*outbox, "claim.by");
  result->claimed_until = time_at(*outbox, "claim.until");
  if (const document_value* events = value_at_path(*outbox, "events")) {
    for (const auto& one : *events->get_if<document_value::array>())
      result->events.push_back(event_in(one, *rules, id));
  }
  number(*result);
  co_return result;
}

task<bool> outbox_access::write(std::shared_ptr<const collection_rules> rules, write_operation one) {
  one.bookkeeping = one.tombstones = true;
  std::vector<write_operation> operations;
  operations.push_back(std::move(one));
  const auto results = co_await database_->port().write(rules->spec, std::move(operations), database_->clock().now());
  if (results.front().refused) throw *results.front().refused;
  co_return results.front().matched;
}

task<bool> outbox_access::claim(std::shared_ptr<const collection_rules> rules, std::string id, instant until) {
  const instant now = database_->clock().now();
  predicate free = either({.what = predicate::kind::absent, .path = outbox_path("claim")},
                          either(term(predicate::kind::less_equal, outbox_path("claim.until"), document_value{now}),
                                 term(predicate::kind::equal, outbox_path("claim.by"), document_value{process_})));
  predicate due{.what = predicate::kind::exists, .path = outbox_path("dueAt")};
  write_operation one{.what = write_operation::kind::update, .id = std::move(id)};
  one.where = {.what = predicate::kind::all, .parts = {std::move(free), std::move(due)}};
  document_value claim{document_value::object{{"by", process_}, {"until", until}}};
  one.changes = {{.what = mutation::kind::set, .path = outbox_path("claim"), .values = {std::move(claim)}},
                 {.what = mutation::kind::set, .path = outbox_path("dueAt"), .values = {document_value{until}}}};
  co_return co_await write(std::move(rules), std::move(one));
}

task<bool> outbox_access::settle(std::shared_ptr<const collection_rules> rules, std::string id,
                                 const outbox_state& seen, const std::map<std::string, settled>& results) {
  document_value::array left;
  instant due = instant::max();
  for (const auto& one : seen.events) {
    const auto result = results.find(one.info.id.to_string());
    if (result != results.end() && result->second.delivered) continue;
    left.push_back(result != results.end() ? result->second.stored : one.stored);
    due = std::min(due, due_at(left.back()));
  }
  write_operation one{
      .what = left.empty() && seen.removed ? write_operation::kind::remove : write_operation::kind::update,
      .id = std::move(id)};
  // The sequence does not tell a document from its tombstone: a removal or an insert without events leaves it as it
  // was.
  predicate same = term(predicate::kind::equal, outbox_path("sequence"), document_value{seen.sequence});
  predicate state{.what = seen.removed ? predicate::kind::exists : predicate::kind::absent,
                  .path = outbox_path("removed")};
  one.where = {.what = predicate::kind::all, .parts = {std::move(same), std::move(state)}};
  if (one.what == write_operation::kind::update) {
    const auto pending = static_cast<std::int64_t>(left.size());
    one.changes = {{.what = mutation::kind::set, .path = outbox_path("pending"), .values = {document_value{pending}}},
                   {.what = mutation::kind::unset, .path = outbox_path("claim")}};
    if (left.empty()) {
      one.changes.push_back({.what = mutation::kind::unset, .path = outbox_path("dueAt")});
    } else {
      one.changes.push_back(
          {.what = mutation::kind::set, .path = outbox_path("dueAt"), .values = {document_value{due}}});
    }
    one.changes.push_back({.what = mutation::kind::set, .path = outbox_path("events"), .values = {std::move(left)}});
  }
  co_return co_await write(std::move(rules), std::move(one));
}

task<due_documents> outbox_access::due(std::shared_ptr<const collection_rules> rules, std::size_t limit) {
  const instant now = database_->clock().now();
  query what{.where = term(predicate::kind::less_equal, outbox_path("dueAt"), document_value{now}),
             .sort = {{outbox_path("dueAt"), false, false}},
             .limit = limit,
             .tombstones = true};
  const auto found = co_await database_->port().find(rules->spec, std::move(what), now);
  due_documents result;
  for (const auto& one : found) {
    try {
      result.ids.push_back(text_at(database_->port().decode(one), stored_names::id));
    } catch (const error&) {
      result.unreadable = std::current_exception();
    }
  }
  co_return result;
}

std::optional<document_value> payload_of(const document_value& stored, const event_spec& type) {
  const std::int64_t schema = std::max<std::int64_t>(integer_at(stored, "schema"), 1);
  if (schema > type.schema) return std::nullopt;
  const document_value* found = stored.find("payload");
  document_value payload = found ? *found : document_value{document_value::object{}};
  for (std::int64_t version = schema; version < type.schema; ++version)
    type.lifts[static_cast<std::size_t>(version - 1)](payload);
  return payload;
}

}  // namespace nxg::store::detail
