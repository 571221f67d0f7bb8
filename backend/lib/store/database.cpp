#include "store/database.hpp"

#include "store/collection.hpp"
#include "store/copy.hpp"
#include "store/evaluate.hpp"
#include "store/leases.hpp"

#include "runtime/timer.hpp"
#include "runtime/uuid.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace nxg::store {

struct database::state {
  std::shared_ptr<engine> on;
  runtime::clock* time;
  runtime::random* random;
  std::atomic<keyring*> keys{nullptr};
  mutable std::mutex mutex;
  std::vector<std::shared_ptr<const collection_rules>> collections;
  std::shared_ptr<const wrote_events> notify;
};

database::database(std::shared_ptr<engine> on, runtime::clock& time, runtime::random& random)
    : state_{std::make_unique<state>()} {
  state_->on = std::move(on);
  state_->time = &time;
  state_->random = &random;
}
database::~database() = default;

engine& database::port() const noexcept { return *state_->on; }
runtime::clock& database::clock() const noexcept { return *state_->time; }
runtime::random& database::random() const noexcept { return *state_->random; }
void database::use_keyring(keyring* keys) noexcept { state_->keys = keys; }
keyring* database::keys() const noexcept { return state_->keys; }

std::shared_ptr<const collection_rules> database::add(std::shared_ptr<const collection_rules> rules) {
  const std::lock_guard lock{state_->mutex};
  for (const auto& known : state_->collections) {
    if (known->spec->name != rules->spec->name) continue;
    if (known->type != rules->type)
      throw std::logic_error{"two types declare the collection '" + rules->spec->name + "'"};
    return known;
  }
  state_->collections.push_back(rules);
  return rules;
}

std::vector<std::shared_ptr<const collection_rules>> database::collections() const {
  const std::lock_guard lock{state_->mutex};
  return state_->collections;
}

void database::on_events(wrote_events notify) {
  const std::lock_guard lock{state_->mutex};
  state_->notify = notify ? std::make_shared<const wrote_events>(std::move(notify)) : nullptr;
}

void database::wrote(const std::shared_ptr<const collection_rules>& rules, const std::string& id) const {
  std::shared_ptr<const wrote_events> notify;
  {
    const std::lock_guard lock{state_->mutex};
    notify = state_->notify;
  }
  if (notify) (*notify)(rules, id);
}

namespace {

/// Each is a round trip or two where documents are elsewhere, all within the time of one call.
constexpr std::size_t lifted_at_once = 20;
constexpr std::chrono::minutes migration_lease{2};
constexpr std::chrono::milliseconds look_again{250};

std::string id_in(const engine& port, const stored_document& document) {
  return text_at(port.decode(document), stored_names::id);
}

/// Documents are lifted in the order of their ids. One that is lifted is no longer found, so a second run goes on where
/// the first ended.
task<std::uint64_t> lift_all(database& of, std::shared_ptr<const collection_spec> spec) {
  std::uint64_t lifted = 0;
  if (spec->schema == 1) co_return lifted;
  query what{.limit = lifted_at_once};
  for (;;) {
    const auto page = co_await of.port().find(spec, what, of.clock().now());
    if (page.empty()) co_return lifted;
    std::vector<write_operation> operations;
    for (const auto& one : page) {
      const document_value document = of.port().decode(one);
      if (integer_at(document, stored_names::schema) < spec->schema) {
        operations.push_back({.what = write_operation::kind::lift, .id = text_at(document, stored_names::id)});
      }
    }
    const auto results = co_await of.port().write(spec, std::move(operations), of.clock().now());
    for (const auto& one : results) {
      if (one.refused) throw *one.refused;
      lifted += one.matched ? 1 : 0;
    }
    what.after = {document_value{id_in(of.port(), page.back())}};
  }
}

task<void> migrate_all(database& of, migration_report& report) {
  for (const auto& rules : of.collections()) {
    co_await of.port().prepare(rules->spec);
    report.lifted += co_await lift_all(of, rules->spec);
    ++report.collections;
  }
}

predicate before(std::string path, instant when) {
  return {.what = predicate::kind::less_equal, .path = std::move(path), .values = {document_value{when}}};
}

/// Removes what is due, in one bulk; how many went.
task<std::uint64_t> sweep_collection(database& of, std::shared_ptr<const collection_rules> rules, std::size_t limit) {
  std::uint64_t removed = 0;
  const instant now = of.clock().now();
  const bool expires = rules->kept.what() == retention::kind::until;
  if (!expires && rules->kept.what() != retention::kind::for_some_time) co_return removed;
  const predicate due = before(rules->kept.path(), expires ? now : now - rules->kept.time());
  // To the engine what expired is not there, so it is asked as of the beginning of time.
  const instant as_of = expires ? instant{} : now;
  while (removed < limit) {
    query what{.where = due,
               .sort = {{rules->kept.path(), false, false}},
               .limit = std::min<std::size_t>(limit - removed, 500)};
    const auto found = co_await of.port().find(rules->spec, std::move(what), as_of);
    if (found.empty()) break;
    std::vector<write_operation> operations;
    operations.reserve(found.size());
    for (const auto& one : found) {
      operations.push_back({.what = write_operation::kind::remove, .id = id_in(of.port(), one), .where = due});
    }
    const auto results = co_await of.port().write(rules->spec, std::move(operations), as_of);
    for (const auto& one : results) removed += one.matched ? 1 : 0;
  }
  co_return removed;
}

}  // namespace

task<migration_report> migrate(database& of, std::chrono::milliseconds patience) {
  co_await refuse_unfinished_copy(of);
  leases held{of, "migration " + uuid::version_7(of.clock().now(), of.random()).to_string()};
  co_await of.port().prepare(rules_of<lease>()->spec);
  migration_report report;
  const steady_instant give_up = std::chrono::steady_clock::now() + patience;
  const std::function<task<void>(const lease&)> work = [&](const lease&) { return migrate_all(of, report); };
  while (!co_await held.run("migration", migration_lease, work)) {
    if (std::chrono::steady_clock::now() >= give_up)
      throw error{failure::busy, "another process is migrating the store"};
    co_await runtime::sleep_for(of.clock(), look_again);
  }
  co_return report;
}

task<void> prepare(database& of) {
  co_await refuse_unfinished_copy(of);
  for (const auto& rules : of.collections()) co_await of.port().prepare(rules->spec);
}

task<std::uint64_t> sweep_expired(database& of, std::size_t limit) {
  std::uint64_t removed = 0;
  for (const auto& rules : of.collections()) removed += co_await sweep_collection(of, rules, limit);
  co_return removed;
}

}  // namespace nxg::store
