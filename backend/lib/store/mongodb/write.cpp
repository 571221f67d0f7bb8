#include "store/mongodb/write.hpp"

#include "store/evaluate.hpp"
#include "store/mongodb/changes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace nxg::store::mongodb {

namespace {

using kind = write_operation::kind;
using returning = write_operation::returning;

/// Others may change a document between a command and the look at why it found nothing.
constexpr int most_attempts = 20;

std::string encoded(const document_value& document) {
  bson_writer made{bson_writer::purpose::document};
  schema::write_value(made, document);
  return made.take();
}

/// An update as it is sent: operators, or a pipeline.
struct update_text {
  std::string bson;
  bool pipeline = false;
  bool upsert = false;
};

struct changed {
  bool matched = false;
  bool inserted = false;
  std::string id = {};
  std::optional<stored_document> document = {};
  reply::write_error refused = {};
};

/// One operation at work.
class worker {
 public:
  worker(const write_context& with, const write_operation& what)
      : with_{&with}, on_{with.on}, in_{with.in}, what_{&what} {}

  write_result run_it() {
    switch (what_->what) {
      case kind::insert: insert(what_->document.bytes, what_->id); break;
      case kind::update:
      case kind::upsert: update(); break;
      case kind::remove: remove(); break;
      case kind::lift: lift_by_id(); break;
      case kind::put: put(); break;
    }
    return std::move(result_);
  }

 private:
  // --- results ------------------------------------------------------------------------------------------------------

  void refuse(failure why, const std::string& sentence) {
    result_ = {.refused = error{why, in_->name + ": " + sentence}};
  }
  void refuse(const error& why) { result_ = {.refused = why}; }
  void refuse_duplicate(std::string index) { result_ = {.refused = error::duplicate(in_->name, std::move(index))}; }

  void finish(changed done, const std::string& id) {
    result_.matched = true;
    result_.inserted = done.inserted;
    result_.id = id;
    if (id.empty()) result_.id = std::move(done.id);
    if (what_->wanted != returning::nothing) result_.document = std::move(done.document);
  }

  // --- commands -----------------------------------------------------------------------------------------------------

  static void write_change(bson_writer& to, const char* query, const char* update, const std::string& filter,
                           const update_text& how) {
    to.add_document(query, filter);
    to.key(update);
    how.pipeline ? to.array(how.bson) : to.document(how.bson);
    if (how.upsert) to.add("upsert", true);
  }

  /// `find_id` where the document is not known by its id.
  changed change(const std::string& filter, const update_text& how, returning wanted, bool find_id = false,
                 const std::vector<sort_key>& order = {}) {
    if (wanted != returning::nothing || find_id || !order.empty()) return find_and_change(filter, how, wanted, order);
    bson_writer command{"update", in_->name};
    command.open_array("updates");
    command.begin_object();
    write_change(command, "q", "u", filter, how);
    command.close().close();
    const reply answer = on_->write(command, in_->name);
    changed done{.matched = answer.integer("n") > 0};
    bson_iter_t at;
    done.inserted = answer.find("upserted", at);
    if (auto errors = answer.write_errors(); !errors.empty()) done.refused = std::move(errors.front());
    return done;
  }

  changed find_and_change(const std::string& filter, const update_text& how, returning wanted,
                          const std::vector<sort_key>& order) {
    bson_writer command{"findAndModify", in_->name};
    write_change(command, "query", "update", filter, how);
    add_wanted(command, wanted, order);
    return found_by(on_->write(command, in_->name), wanted);
  }

  void add_wanted(bson_writer& to, returning wanted, const std::vector<sort_key>& order) {
    if (!order.empty()) to.add_document("sort", spell_order(order));
    if (wanted == returning::after) to.add("new", true);
    if (wanted == returning::nothing) to.open("fields").add("_id", 1).close();
  }

  static changed found_by(const reply& answer, returning wanted) {
    changed done;
    if (answer.refused_with != 0) {
      done.refused = answer.refusal();
      return done;
    }
    done.matched = answer.integer("lastErrorObject.n") > 0;
    bson_iter_t at;
    done.inserted = answer.find("lastErrorObject.upserted", at);
    const std::string_view document = answer.document_at("value");
    if (document.empty()) return done;
    done.id = text_in(view(document), "_id");
    if (wanted != returning::nothing) done.document = stored_document{std::string{document}};
    return done;
  }

  changed erase(const std::string& filter, const aim& at, const std::vector<sort_key>& order) {
    if (what_->wanted != returning::before && !at.id.empty()) return {.matched = erase(filter)};
    bson_writer command{"findAndModify", in_->name};
    command.add_document("query", filter).add("remove", true);
    add_wanted(command, what_->wanted == returning::before ? returning::before : returning::nothing, order);
    return found_by(on_->write(command, in_->name), what_->wanted);
  }

  bool erase(const std::string& filter) {
    bson_writer command{"delete", in_->name};
    command.open_array("deletes");
    command.begin_object();
    command.add_document("q", filter).add("limit", 1).close().close();
    return on_->write(command, in_->name).integer("n") > 0;
  }

  // --- looking ------------------------------------------------------------------------------------------------------

  std::optional<document_value> by_id(const std::string& id) {
    const auto found = find_by_id(*on_, *in_, id);
    return found ? std::optional{decode(found->bytes)} : std::nullopt;
  }

  [[nodiscard]] query first_match() const {
    return {.where = what_->where, .sort = what_->sort, .limit = 1, .tombstones = what_->tombstones};
  }
  void check_plan() { with_->plans->require_index(*on_, *in_, first_match(), with_->now); }

  std::optional<document_value> first() {
    check_plan();
    const auto found = find(*on_, *in_, first_match(), with_->now);
    return found.empty() ? std::nullopt : std::optional{decode(found.front().bytes)};
  }

  [[nodiscard]] bool gone(const document_value& document) const {
    return value_at_path(document, stored_names::removed) != nullptr;
  }
  [[nodiscard]] bool expired(const document_value& document) const {
    if (in_->expires.empty()) return false;
    const document_value* until = value_at_path(document, in_->expires);
    const auto how = until ? compare(*until, document_value{with_->now}) : std::nullopt;
    return how && *how <= 0;
  }
  /// The document aimed at, where it still is what the operation is about.
  std::optional<document_value> target(const aim& at) {
    std::optional<document_value> found = by_id(at.id);
    if (!found || (gone(*found) && !what_->tombstones) || expired(*found)) return std::nullopt;
    const bool same =
        at.version ? integer_at(*found, stored_names::version) == *at.version : matches(what_->where, *found);
    return same ? std::move(found) : std::nullopt;
  }

  /// Refuses and returns true where the document cannot take the operation.
  bool refused_by(const document_value& found) {
    if (what_->expected_version && integer_at(found, stored_names::version) != *what_->expected_version) {
      refuse(failure::version_conflict, "the document is at another version");
      return true;
    }
    if (what_->new_events > 0 &&
        integer_at(found, stored_names::pending) + static_cast<std::int64_t>(what_->new_events) > max_pending_events) {
      refuse(failure::busy, "the document has too many events that are not delivered yet");
      return true;
    }
    return false;
  }

  // --- insert -------------------------------------------------------------------------------------------------------

  void insert(const std::string& bson, const std::string& id) {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      bson_writer command{"insert", in_->name};
      command.open_array("documents");
      command.document(bson);
      command.close();
      const auto errors = on_->write(command, in_->name).write_errors();
      if (errors.empty()) {
        result_ = {.matched = true, .inserted = true, .id = id};
        if (what_->wanted == returning::after) result_.document = stored_document{bson};
        return;
      }
      if (!is_duplicate(errors.front().code)) return refuse(refusal_of(errors.front().code, in_->name));
      if (settle_duplicate(errors.front(), bson, id)) return;
    }
    refuse(failure::busy, "the document changes too fast");
  }

  /// True where that was all; false where the insert has to be tried again.
  bool settle_duplicate(const reply::write_error& why, const std::string& bson, const std::string& id) {
    // The id decides, whatever else is taken.
    std::string index = index_in(why.message);
    if (const auto there = by_id(id)) {
      if (gone(*there)) return take_over(bson, id);
      if (!expired(*there)) {
        refuse_duplicate(std::string{stored_names::id});
        return true;
      }
      remove_expired(filter{*in_}.id(id));
      return false;
    }
    if (index == stored_names::id) return false;  // it is gone meanwhile
    if (remove_expired_at(index, why.key)) return false;
    refuse_duplicate(std::move(index));
    return true;
  }

  /// What is past its time does not stand in the way, whether a sweep has been there or not.
  bool remove_expired(filter at) {
    if (in_->expires.empty()) return false;
    return erase(at.term(comparison(in_->expires, "$lte", document_value{with_->now})).bson());
  }
  bool remove_expired_at(const std::string& index, const std::string& key) {
    const auto declared = std::ranges::find(in_->indexes, index, &index_spec::name);
    if (declared == in_->indexes.end() || key.empty()) return false;
    return remove_expired(filter{*in_}.term(key).where(declared->where));
  }

  /// A document inserted where a tombstone still waits for its events takes them over.
  bool take_over(const std::string& bson, const std::string& id) {
    filter at{*in_};
    at.id(id).term(comparison(stored_names::removed, "$ne", {}));
    add_room(at, *what_);
    const changed done = change(at.bson(), {.bson = spell_take_over(bson), .pipeline = true},
                                what_->wanted == returning::after ? returning::after : returning::nothing);
    if (done.refused.code != 0) {
      is_duplicate(done.refused.code) ? refuse_duplicate(index_in(done.refused.message))
                                      : refuse(refusal_of(done.refused.code, in_->name));
      return true;
    }
    if (done.matched) {
      finish(done, id);
      result_.inserted = true;
      return true;
    }
    const auto there = by_id(id);
    if (!there || !gone(*there)) return false;
    refused_by(*there);
    return result_.refused.has_value();
  }

  // --- update -------------------------------------------------------------------------------------------------------

  /// Whether the filter may hold conditions beside `where` and still find the first match.
  [[nodiscard]] bool found_at_once() const {
    return !what_->expected_version && what_->new_events == 0 && (in_->schema == 1 || what_->bookkeeping) &&
           guards_of(what_->changes).empty();
  }

  [[nodiscard]] std::vector<sort_key> order_for(const aim& at) const {
    return at.id.empty() ? order_of(*in_, first_match()) : std::vector<sort_key>{};
  }

  void update() {
    // With a version to be at, there has to be a document.
    const bool upsert = what_->what == kind::upsert && !what_->expected_version;
    aim at{what_->id};
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      if (at.id.empty() && !found_at_once()) {
        const auto found = first();
        if (!found) return;
        at.id = text_at(*found, stored_names::id);
        if (!ready(*found, at)) return;
      } else if (at.id.empty()) {
        check_plan();
      }
      if (try_update(at, upsert && !at.version)) return;
    }
    refuse(failure::busy, "the document changes too fast");
  }

  /// True where that was all.
  bool try_update(aim& at, bool upsert) {
    const filter where = filter_of(*with_, *what_, at, upsert);
    const update_form form{.initial = upsert ? std::string_view{what_->document.bytes} : std::string_view{},
                           .raise_version = !what_->bookkeeping};
    const update_text how{.bson = spell_update(what_->changes, form), .upsert = upsert};
    changed done = change(where.bson(), how, what_->wanted, at.id.empty(), order_for(at));
    if (done.matched) {
      finish(std::move(done), at.id);
      return true;
    }
    if (done.refused.code != 0 && !(upsert && is_duplicate(done.refused.code))) return settle_refusal(done.refused, at);
    if (at.id.empty()) return true;  // nothing matched
    return explain(at, upsert, done.refused);
  }

  bool settle_refusal(const reply::write_error& why, const aim& at) {
    if (is_duplicate(why.code)) {
      const std::string index = index_in(why.message);
      if (remove_expired_at(index, why.key)) return false;
      refuse_duplicate(index);
      return true;
    }
    refuse(refusal_of(why.code, in_->name));
    // The same change in memory tells which field it is about.
    if (auto found = at.id.empty() ? std::nullopt : by_id(at.id)) fits(*found);
    return true;
  }

  bool fits(document_value& document) {
    try {
      apply(what_->changes, document, false);
      return true;
    } catch (const error& misfit) {
      refuse(misfit);
      return false;
    }
  }

  /// Why the document was not updated. True where that was all.
  bool explain(aim& at, bool upsert, const reply::write_error& why) {
    if (const auto found = target(at)) return !ready(*found, at);
    const bool was_lifted = at.version.has_value();
    at = {what_->id};
    if (at.id.empty() || was_lifted) return false;  // somebody was faster: look again
    if (upsert) return explain_upsert(why);
    if (what_->what == kind::upsert) refuse(failure::version_conflict, "there is no such document");
    return true;
  }

  /// False where the document cannot take the change, and the result says so; true where it can by now: one of an older
  /// schema was lifted.
  bool ready(const document_value& found, aim& at) {
    if (refused_by(found)) return false;
    document_value now = found;
    if (!lifted(now)) return false;
    if (!what_->bookkeeping && integer_at(found, stored_names::schema) < in_->schema) {
      if (!write_lifted(found, now)) return !result_.refused;
      // It matched before, and is the same document as long as its version is.
      at = {text_at(now, stored_names::id), integer_at(now, stored_names::version)};
    }
    return fits(now);
  }

  bool lifted(document_value& document) {
    try {
      lift(*in_, document);
      return true;
    } catch (const error& newer) {
      refuse(newer);
      return false;
    }
  }

  /// The id is taken, or another unique index refused what was to be inserted.
  bool explain_upsert(const reply::write_error& why) {
    const auto there = by_id(what_->id);
    if (!there) {
      if (why.code == 0 || index_in(why.message) == stored_names::id) return false;
      return settle_refusal(why, {what_->id});
    }
    if (gone(*there)) return take_over(initial_bson(), what_->id);
    if (expired(*there)) {
      remove_expired(filter{*in_}.id(what_->id));
      return false;
    }
    refuse_duplicate(std::string{stored_names::id});
    return true;
  }

  /// What an upsert inserts, with its changes.
  std::string initial_bson() {
    document_value document = decode(what_->document.bytes);
    for (const auto& one : what_->changes) unset_at_path(document, one.path);
    apply(what_->changes, document, true);
    document.set(stored_names::version, std::int64_t{1});
    return encoded(document);
  }

  // --- remove -------------------------------------------------------------------------------------------------------

  void remove() {
    const bool for_good = !in_->has_outbox || what_->tombstones;
    aim at{what_->id};
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      if (at.id.empty() && (!for_good || what_->expected_version)) {
        const auto found = first();
        if (!found || refused_by(*found)) return;
        at.id = text_at(*found, stored_names::id);
      } else if (at.id.empty()) {
        check_plan();
      }
      if (try_remove(at, for_good)) return;
    }
    refuse(failure::busy, "the document changes too fast");
  }

  /// True where that was all.
  bool try_remove(aim& at, bool for_good) {
    changed done;
    if (for_good || what_->changes.empty()) done = erase_at(at, for_good);
    if (!done.matched && !for_good) done = bury_at(at);
    if (done.matched) {
      finish(std::move(done), at.id);
      return true;
    }
    if (at.id.empty()) return true;
    const auto found = target(at);
    at = {what_->id};
    if (!found) return !what_->id.empty();
    return refused_by(*found);
  }

  changed erase_at(const aim& at, bool for_good) {
    filter where = filter_of(*with_, *what_, at, false);
    if (!for_good) where.term(not_comparison(stored_names::pending, "$gt", document_value{0}));
    return erase(where.bson(), at, order_for(at));
  }

  changed bury_at(const aim& at) {
    filter where = filter_of(*with_, *what_, at, false);
    if (what_->changes.empty()) where.term(comparison(stored_names::pending, "$gt", document_value{0}));
    const update_text how{.bson = spell_tombstone(*in_, what_->changes, with_->now), .pipeline = true};
    return change(where.bson(), how, what_->wanted == returning::before ? returning::before : returning::nothing);
  }

  // --- put ---------------------------------------------------------------------------------------------------------

  void put() {
    const update_text how{.bson = what_->document.bytes, .upsert = true};
    changed done = change(filter{*in_}.id(what_->id).bson(), how, returning::nothing);
    if (is_duplicate(done.refused.code)) return refuse_duplicate(index_in(done.refused.message));
    if (done.refused.code != 0) return refuse(refusal_of(done.refused.code, in_->name));
    finish(std::move(done), what_->id);
  }

  // --- lift ---------------------------------------------------------------------------------------------------------

  void lift_by_id() {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      const auto found = by_id(what_->id);
      if (!found || gone(*found) || integer_at(*found, stored_names::schema) >= in_->schema) return;
      document_value now = *found;
      if (!lifted(now)) return;
      if (write_lifted(*found, now)) {
        result_.matched = true;
        result_.id = what_->id;
        return;
      }
      if (result_.refused) return;
    }
    refuse(failure::busy, "the document changes too fast");
  }

  /// By operators, on the condition that nothing but bookkeeping was written meanwhile: that has no version.
  bool write_lifted(const document_value& before, const document_value& now) {
    const auto as_it_was = [&](std::string_view name) {
      const document_value* value = before.find(name);
      return comparison(name, "$eq", value ? *value : document_value{});
    };
    filter same{*in_};
    same.id(text_at(before, stored_names::id))
        .term(as_it_was(stored_names::version))
        .term(as_it_was(stored_names::schema));
    const changed done = change(same.bson(), {.bson = spell_difference(before, now)}, returning::nothing);
    if (is_duplicate(done.refused.code)) {
      refuse_duplicate(index_in(done.refused.message));
    } else if (done.refused.code != 0) {
      refuse(refusal_of(done.refused.code, in_->name));
    }
    return done.matched;
  }

  const write_context* with_;
  session* on_;
  const collection_spec* in_;
  const write_operation* what_;
  write_result result_;
};

}  // namespace

void add_room(filter& to, const write_operation& what) {
  if (what.new_events == 0) return;
  const auto room = max_pending_events - static_cast<std::int64_t>(what.new_events);
  to.term(not_comparison(stored_names::pending, "$gt", document_value{room}));
}

filter filter_of(const write_context& with, const write_operation& what, const aim& at, bool upsert) {
  const collection_spec& in = *with.in;
  filter made{in};
  if (!at.id.empty()) made.id(at.id);
  if (at.version) {
    made.term(comparison(stored_names::version, "$eq", document_value{*at.version}));
  } else {
    upsert ? made.where_in_upsert(what.where) : made.where(what.where);
  }
  upsert ? made.present_in_upsert(with.now, what.tombstones) : made.present(with.now, what.tombstones);
  if (what.expected_version)
    made.term(comparison(stored_names::version, "$eq", document_value{*what.expected_version}));
  add_room(made, what);
  if (what.what != kind::update && what.what != kind::upsert) return made;
  if (in.schema > 1 && !what.bookkeeping)
    made.term(comparison(stored_names::schema, "$gte", document_value{in.schema}));
  made.term(not_comparison(stored_names::schema, "$gt", document_value{in.schema + 1}));
  for (auto& guard : guards_of(what.changes)) made.term(std::move(guard));
  return made;
}

write_result perform(const write_context& with, const write_operation& what) { return worker{with, what}.run_it(); }

}  // namespace nxg::store::mongodb
