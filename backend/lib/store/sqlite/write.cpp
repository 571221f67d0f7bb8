#include "store/sqlite/write.hpp"

#include "store/evaluate.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/members.hpp"
#include "store/sqlite/partial_document.hpp"
#include "store/sqlite/sql.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::store::sqlite {

namespace {

using kind = write_operation::kind;

/// Expired documents may stand in the way in several unique indexes.
constexpr int most_attempts = 5;

std::string json_of(const document_value& document) {
  std::string text;
  schema::json_sink sink{text};
  schema::write_value(sink, document);
  return text;
}

struct stored_row {
  std::int64_t row;
  bool gone;
  partial_document document;

  [[nodiscard]] const document_value& members() const noexcept { return document.members; }
};

std::string_view top_of(std::string_view path) { return path.substr(0, path.find('.')); }

void collect_tops(const predicate& condition, std::vector<std::string_view>& into) {
  if (!condition.path.empty()) into.push_back(top_of(condition.path));
  for (const auto& part : condition.parts) collect_tops(part, into);
}

/// The members an operation reads or changes.
std::vector<std::string_view> members_of(const write_operation& what, const collection_spec& in) {
  std::vector<std::string_view> tops{stored_names::id,     stored_names::version, stored_names::schema,
                                     stored_names::outbox, top_of(in.expires),    top_of(in.shard_key)};
  collect_tops(what.where, tops);
  for (const auto& one : what.changes) tops.push_back(top_of(one.path));
  return tops;
}

/// One operation at work.
class worker {
 public:
  worker(connection& on, const table& in, const write_operation& what, instant now, bool strict)
      : on_{&on},
        table_{&in},
        what_{&what},
        now_{now},
        now_json_{json_form(now)},
        strict_{strict},
        members_{members_of(what, in.spec())} {}

  write_result run_it() {
    switch (what_->what) {
      case kind::insert: insert(what_->document.bytes, {}); break;
      case kind::update:
      case kind::upsert: update(); break;
      case kind::remove: remove(); break;
      case kind::lift: lift_stored(); break;
      case kind::put: put(); break;
    }
    return std::move(result_);
  }

 private:
  void refuse(failure why, const std::string& sentence) {
    result_ = {.refused = error{why, table_->spec().name + ": " + sentence}};
  }
  void refuse_duplicate(std::string index) {
    result_ = {.refused = error::duplicate(table_->spec().name, std::move(index))};
  }

  [[nodiscard]] bool expired(const document_value& document) const {
    if (table_->spec().expires.empty()) return false;
    const document_value* until = value_at_path(document, table_->spec().expires);
    const auto how = until ? compare(*until, now_json_) : std::nullopt;
    return how && *how <= 0;
  }

  stored_row row_of(const run& found) {
    stored_row one{found.integer(0), !found.is_null(1),
                   partial_document{std::string{found.text(2)}, [this](std::string_view key) {
                                      return std::ranges::find(members_, key) != members_.end();
                                    }}};
    // Lifting may read and change anything.
    if (integer_at(one.members(), stored_names::schema) < table_->spec().schema)
      one.document = partial_document{one.document.text(), [](std::string_view) { return true; }};
    return one;
  }

  std::optional<stored_row> by_id(const std::string& id) {
    run found = on_->prepare(table_->find_sql);
    found.bind(std::string_view{id});
    if (!found.step()) return std::nullopt;
    return row_of(found);
  }

  /// The document the operation is about.
  std::optional<stored_row> target() {
    if (what_->id.empty()) return first_match();
    std::optional<stored_row> found = by_id(what_->id);
    if (!found || (found->gone && !what_->tombstones) || expired(found->members())) return std::nullopt;
    predicate where = what_->where;
    to_json_form(where);
    return matches(where, found->members()) ? std::move(found) : std::nullopt;
  }

  std::optional<stored_row> first_match() {
    const query wanted{.where = what_->where, .sort = what_->sort, .limit = 1, .tombstones = what_->tombstones};
    const sql_query sql = spell(*table_, wanted, now_, selecting::rows);
    bool fresh = false;
    {
      const run known = on_->prepare(sql.text, &fresh);
    }
    if (fresh && strict_) require_index(*on_, sql);
    run found = on_->prepare(sql.text);
    sql.bind(found);
    if (!found.step()) return std::nullopt;
    return row_of(found);
  }

  /// Refuses and returns true where the document cannot take the operation.
  bool refused_by(const stored_row& found) {
    if (what_->expected_version && integer_at(found.members(), stored_names::version) != *what_->expected_version) {
      refuse(failure::version_conflict, "the document is at another version");
      return true;
    }
    if (what_->new_events > 0 &&
        integer_at(found.members(), stored_names::pending) + static_cast<std::int64_t>(what_->new_events) >
            max_pending_events) {
      refuse(failure::busy, "the document has too many events that are not delivered yet");
      return true;
    }
    return false;
  }

  void insert(const std::string& text, const document_value* parsed) {
    const std::string id = what_->id.empty() && parsed ? text_at(*parsed, stored_names::id) : what_->id;
    for (int attempt = 1;; ++attempt) {
      std::string index;
      try {
        run insertion = on_->prepare(table_->insert_sql);
        insertion.bind(std::string_view{id}).bind(std::string_view{text});
        insertion.step();
        result_.matched = result_.inserted = true;
        result_.id = id;
        if (what_->wanted == write_operation::returning::after) result_.document = stored_document{text};
        return;
      } catch (const failed& why) {
        if (!why.is_duplicate()) throw;
        index = index_of_failure(*table_, why.what(), parsed ? *parsed : schema::document_from_json(text));
      }
      if (const auto there = by_id(id); there && !expired(there->members())) {
        // The id decides, whatever else is taken.
        if (there->gone) return take_over_tombstone(*there, text);
        index = stored_names::id;
      }
      if (attempt == most_attempts || table_->spec().expires.empty() || !remove_expired(index, text))
        return refuse_duplicate(std::move(index));
    }
  }

  /// A document inserted where a tombstone still waits for its events takes them over.
  void take_over_tombstone(const stored_row& there, const std::string& text) {
    document_value document = schema::document_from_json(text);
    document_value outbox = *there.members().find(stored_names::outbox);
    const std::int64_t pending = integer_at(outbox, "pending");
    if (pending + static_cast<std::int64_t>(what_->new_events) > max_pending_events) {
      return refuse(failure::busy, "the document has too many events that are not delivered yet");
    }
    outbox.erase("removed");
    if (const document_value* added = document.find(stored_names::outbox)) {
      std::vector<mutation> merge{
          {.what = mutation::kind::increase, .path = "sequence", .values = {integer_at(*added, "sequence")}},
          {.what = mutation::kind::increase, .path = "pending", .values = {integer_at(*added, "pending")}},
          {.what = mutation::kind::minimum, .path = "dueAt", .values = {*added->find("dueAt")}},
          {.what = mutation::kind::push,
           .path = "events",
           .values = *added->find("events")->get_if<document_value::array>()}};
      apply(merge, outbox, false);
    }
    document.set(stored_names::outbox, std::move(outbox));
    if (!write_back(there.row, json_of(document), false)) return;
    result_.matched = result_.inserted = true;
    result_.id = text_at(document, stored_names::id);
    if (what_->wanted == write_operation::returning::after) result_.document = stored_document{json_of(document)};
  }

  /// What is past its time does not stand in the way, whether a sweep has been there or not.
  bool remove_expired(const std::string& index, const std::string& text) {
    const document_value document = schema::document_from_json(text);
    std::string same_key = "id = ?";
    std::vector<document_value> values{text_at(document, stored_names::id)};
    const auto declared = std::ranges::find(table_->spec().indexes, index, &index_spec::name);
    if (declared != table_->spec().indexes.end()) {
      same_key.clear();
      values.clear();
      for (const auto& key : declared->keys) {
        same_key += (same_key.empty() ? "" : " AND ") + table_->expression(key.path) + " IS ?";
        const document_value* value = value_at_path(document, key.path);
        values.push_back(value ? *value : document_value{});
      }
    }
    run removal = on_->prepare("DELETE FROM " + table_->name() + " WHERE " + same_key + " AND " +
                               table_->expression(table_->spec().expires) + " <= ?");
    for (const auto& value : values) removal.bind(value);
    removal.bind(now_json_);
    removal.step();
    return on_->changes() > 0;
  }

  /// False where a unique index refused it; the result says so.
  bool write_back(std::int64_t row, const std::string& text, bool gone) {
    std::string index;
    for (int attempt = 1;; ++attempt) {
      try {
        run change = on_->prepare(table_->update_sql);
        change.bind(std::string_view{text});
        gone ? change.bind(std::int64_t{1}) : change.bind_null();
        change.bind(row);
        change.step();
        return true;
      } catch (const failed& why) {
        if (!why.is_duplicate()) throw;
        index = index_of_failure(*table_, why.what(), schema::document_from_json(text));
      }
      if (attempt == most_attempts || table_->spec().expires.empty() || !remove_expired(index, text)) {
        refuse_duplicate(std::move(index));
        return false;
      }
    }
  }

  std::vector<mutation> changes_in_json() {
    std::vector<mutation> changes = what_->changes;
    to_json_form(changes);
    return changes;
  }

  void update() {
    std::optional<stored_row> found = target();
    if (!found) return what_->what == kind::upsert ? insert_initial() : void();
    if (refused_by(*found)) return;
    document_value& document = found->document.members;
    lift(table_->spec(), document);
    try {
      apply(changes_in_json(), document, false);
    } catch (const error& why) {
      return refuse(why.failed(), why.what());
    }
    if (!what_->bookkeeping) document.set(stored_names::version, integer_at(document, stored_names::version) + 1);
    const std::string text = found->document.json();
    if (write_back(found->row, text, found->gone)) finish(*found, &text);
  }

  void insert_initial() {
    if (what_->expected_version) return refuse(failure::version_conflict, "there is no such document");
    document_value document = schema::document_from_json(what_->document.bytes);
    const std::vector<mutation> changes = changes_in_json();
    for (const auto& one : changes) unset_at_path(document, one.path);
    try {
      apply(changes, document, true);
    } catch (const error& why) {
      return refuse(why.failed(), why.what());
    }
    document.set(stored_names::version, std::int64_t{1});
    insert(json_of(document), &document);
  }

  void remove() {
    if (removed_unread()) return;
    std::optional<stored_row> found = target();
    if (!found || refused_by(*found)) return;
    document_value left = found->members();
    apply(changes_in_json(), left, false);
    if (!what_->tombstones && integer_at(left, stored_names::pending) > 0) {
      if (write_back(found->row, json_of(tombstone_of(left)), true)) finish(*found, nullptr);
      return;
    }
    remove_row(found->row);
    finish(*found, nullptr);
  }

  /// A document of which nothing has to be known but that no events wait in it goes without being taken apart: it may
  /// be long. False when there is more to it.
  bool removed_unread() {
    const bool plain = !what_->id.empty() && what_->where.what == predicate::kind::everything &&
                       !what_->expected_version && what_->changes.empty() && what_->new_events == 0 &&
                       !what_->tombstones && what_->wanted != write_operation::returning::before &&
                       table_->spec().expires.empty();
    if (!plain) return false;
    std::int64_t row = 0;
    {
      run found = on_->prepare(table_->find_sql);
      found.bind(std::string_view{what_->id});
      if (!found.step() || !found.is_null(1) || !surely_lacks(found.text(2), stored_names::outbox)) return false;
      row = found.integer(0);
    }
    remove_row(row);
    result_.matched = true;
    result_.id = what_->id;
    return true;
  }

  void remove_row(std::int64_t row) {
    run removal = on_->prepare(table_->remove_sql);
    removal.bind(row);
    removal.step();
  }

  /// Only what delivering its events needs.
  document_value tombstone_of(const document_value& document) {
    document_value left{document_value::object{}};
    left.set(stored_names::id, text_at(document, stored_names::id));
    left.set(stored_names::version, integer_at(document, stored_names::version) + 1);
    left.set(stored_names::schema, std::int64_t{table_->spec().schema});
    if (const auto& shard = table_->spec().shard_key; !shard.empty() && shard != stored_names::id) {
      if (const document_value* key = value_at_path(document, shard)) set_at_path(left, shard, *key);
    }
    left.set(stored_names::outbox, *document.find(stored_names::outbox)).set("removed", now_json_);
    return left;
  }

  void lift_stored() {
    std::optional<stored_row> found = by_id(what_->id);
    if (!found || found->gone) return;
    if (integer_at(found->members(), stored_names::schema) >= table_->spec().schema) return;
    lift(table_->spec(), found->document.members);
    if (write_back(found->row, found->document.json(), false)) result_.matched = true;
  }

  void put() {
    try {
      run placed = on_->prepare(table_->put_sql);
      placed.bind(std::string_view{what_->id}).bind(std::string_view{what_->document.bytes});
      placed.step();
    } catch (const failed& why) {
      if (!why.is_duplicate()) throw;
      return refuse_duplicate(index_of_failure(*table_, why.what(), schema::document_from_json(what_->document.bytes)));
    }
    result_.matched = true;
    result_.id = what_->id;
  }

  void finish(const stored_row& before, const std::string* after) {
    result_.matched = true;
    result_.id = text_at(before.members(), stored_names::id);
    if (what_->wanted == write_operation::returning::before) result_.document = stored_document{before.document.text()};
    if (what_->wanted == write_operation::returning::after && after) result_.document = stored_document{*after};
  }

  connection* on_;
  const table* table_;
  const write_operation* what_;
  instant now_;
  document_value now_json_;
  bool strict_;
  std::vector<std::string_view> members_;
  write_result result_;
};

}  // namespace

write_result perform(connection& on, const table& in, const write_operation& what, instant now, bool strict) {
  try {
    return worker{on, in, what, now, strict}.run_it();
  } catch (const error& why) {
    return {.refused = why};
  } catch (const schema::invalid& why) {
    return {.refused =
                error{failure::unavailable, in.spec().name + ": a stored document cannot be read: " + why.what()}};
  }
}

}  // namespace nxg::store::sqlite
