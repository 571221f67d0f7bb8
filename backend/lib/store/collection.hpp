#pragma once

#include "store/database.hpp"
#include "store/declare.hpp"
#include "store/filter.hpp"
#include "store/outbox.hpp"
#include "store/update.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nxg::store {

/// Part of a list. `next` is what `find_page` takes as `after` to go on, absent at the end. It is plain text with
/// values of the last document in it: sign it before it leaves the process.
template <class T>
struct page {
  std::vector<T> items;
  std::optional<std::string> next;
};

/// What became of one operation of a `bulk`.
struct write_outcome {
  bool changed = false;               ///< something was written
  bool inserted = false;              ///< by an insert or upsert
  std::optional<error> refused = {};  ///< duplicate, version_conflict, not_found, busy
};

namespace detail {

/// What to write of a struct: called with the sink and the cipher (null when nothing is sealed).
using document_writer = std::function<void(document_sink&, schema::cipher*)>;

/// One write as a collection hands it on, before its events have ids and its sealed members are sealed.
struct pending_write {
  using sealed_set = std::pair<std::string, std::function<document_value(schema::cipher&)>>;
  write_operation::kind what = write_operation::kind::insert;
  std::string id = {};
  std::optional<predicate> where = {};
  std::vector<sort_key> sort = {};
  document_writer document = {};                       ///< to insert, or to set every member from
  const schema::object_shape* every_member = nullptr;  ///< set: an update that sets all members of `document`
  std::vector<mutation> operators = {};
  std::vector<sealed_set> sealed = {};
  std::optional<std::int64_t> expected = {};
  bool bookkeeping = false;
  events with = {};
  write_operation::returning wanted = write_operation::returning::nothing;
  bool new_row = false;  ///< insert of `save`: a duplicate id is a version conflict
};

/// Everything of a collection that does not need its type.
class untyped_collection {
 public:
  untyped_collection(database& in, std::shared_ptr<const collection_rules> rules, bool sealed);

  task<std::optional<document_value>> find(std::string id);
  /// At most `limit`, after the document that `after` (a token) tells.
  task<std::vector<document_value>> find_some(predicate where, std::vector<sort_key> sort, std::size_t limit,
                                              std::string after);
  task<std::uint64_t> count(predicate where);
  /// One result per write, in order.
  task<std::vector<write_result>> write(std::vector<pending_write> writes);
  /// The same for one; throws its refusal.
  task<write_result> write_one(pending_write write);
  /// Null where the collection has nothing sealed.
  task<std::shared_ptr<schema::cipher>> cipher_for(const document_value& stored);

  [[nodiscard]] const collection_rules& rules() const noexcept { return *rules_; }
  [[nodiscard]] std::string token_after(const document_value& last, const std::vector<sort_key>& sort) const;
  /// Decoded and lifted.
  [[nodiscard]] document_value decode(const stored_document& document) const;

 private:
  task<write_operation> to_operation(pending_write write, instant now);
  task<std::shared_ptr<schema::cipher>> cipher_of(const pending_write& write);

  database* database_;
  std::shared_ptr<const collection_rules> rules_;
  bool sealed_;
};

bool has_sealed(const schema::shape& what);

template <class Id>
std::string key_text(const Id& id) {
  if constexpr (std::is_same_v<Id, uuid>) {
    return id.to_string();
  } else {
    return std::string{static_cast<const std::string&>(id)};
  }
}

}  // namespace detail

template <class T>
class bulk;

/// The documents of one type. Cheap to copy; thread-safe. The database outlives it.
///
/// Every operation is atomic on one document and durable when it returns. Errors are `store::error`; a cancelled
/// operation ends with `operation_aborted` where nothing was written and `outcome_unknown` where a write may have been.
template <class T>
class collection {
 public:
  using id_type = std::remove_cvref_t<decltype(std::declval<T>().id)>;
  static_assert(std::is_same_v<id_type, uuid> || std::is_convertible_v<const id_type&, const std::string&>,
                "an id is a uuid or text");
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(std::declval<T>().version)>, std::int64_t>,
                "version is a std::int64_t");

  /// Throws std::logic_error when T's declaration contradicts itself.
  explicit collection(database& in)
      : untyped_{std::make_shared<detail::untyped_collection>(in, rules_of<T>(),
                                                              detail::has_sealed(schema::shape_of<T>()))} {}

  /// Errors: duplicate (index "id", or the unique index). Stored with version 1, whatever `document` says.
  task<void> insert(T document, events with = {}) {
    co_await untyped_->write_one(inserting(std::move(document), std::move(with)));
  }

  task<std::optional<T>> find(id_type id) {
    std::optional<document_value> found = co_await untyped_->find(detail::key_text(id));
    std::optional<T> result;
    if (found) result = co_await read(std::move(*found));
    co_return result;
  }
  /// As find; throws not_found.
  task<T> get(id_type id) {
    std::optional<T> found = co_await find(id);
    if (!found) throw error{failure::not_found, "no " + name() + " document of that id"};
    co_return std::move(*found);
  }
  /// The first in that order.
  task<std::optional<T>> find_one(filter<T> where, sort<T> by = {}) {
    std::vector<document_value> found = co_await untyped_->find_some(where.condition(), by.keys(), 1, {});
    std::optional<T> result;
    if (!found.empty()) result = co_await read(std::move(found.front()));
    co_return result;
  }
  /// At most `limit` (1 to 1,000; more is an std::invalid_argument) in that order, `id` deciding between equals, after
  /// the page that gave `after`. A token that is none, or of another order, is an std::invalid_argument.
  task<page<T>> find_page(filter<T> where, sort<T> by, std::size_t limit, std::optional<std::string> after = {}) {
    if (limit == 0 || limit > 1'000) throw std::invalid_argument{"a page has 1 to 1,000 documents"};
    std::vector<document_value> found =
        co_await untyped_->find_some(where.condition(), by.keys(), limit + 1, after.value_or(std::string{}));
    page<T> result;
    const bool more = found.size() > limit;
    if (more) {
      found.pop_back();
      result.next = untyped_->token_after(found.back(), by.keys());
    }
    for (document_value& one : found) result.items.push_back(co_await read(std::move(one)));
    co_return result;
  }
  /// Exact.
  task<std::uint64_t> count(filter<T> where = {}) { return untyped_->count(where.condition()); }

  /// Errors: not_found, version_conflict, duplicate, busy (outbox full).
  task<void> update(id_type id, changes<T> what) {
    co_await untyped_->write_one(updating(detail::key_text(id), std::nullopt, {}, std::move(what)));
  }
  /// The first match in that order; false when there is none. Atomic: the match holds when the changes are made.
  task<bool> update(filter<T> where, changes<T> what, sort<T> by = {}) {
    const write_result done =
        co_await untyped_->write_one(updating({}, std::move(where).condition(), by.keys(), std::move(what)));
    co_return done.matched;
  }
  /// That document if it matches; false when it does not or there is none. (A filter with `eq<&T::id>` means the same.)
  task<bool> update(id_type id, filter<T> where, changes<T> what) {
    const write_result done =
        co_await untyped_->write_one(updating(detail::key_text(id), std::move(where).condition(), {}, std::move(what)));
    co_return done.matched;
  }
  /// As update; returns the document as it was before.
  task<std::optional<T>> update_get_before(filter<T> where, changes<T> what, sort<T> by = {}) {
    return returning(updating({}, std::move(where).condition(), by.keys(), std::move(what)),
                     write_operation::returning::before);
  }
  /// As update; returns the document as it is now.
  task<std::optional<T>> update_get_after(filter<T> where, changes<T> what, sort<T> by = {}) {
    return returning(updating({}, std::move(where).condition(), by.keys(), std::move(what)),
                     write_operation::returning::after);
  }
  task<T> update_get_before(id_type id, changes<T> what) {
    return returning_one(updating(detail::key_text(id), std::nullopt, {}, std::move(what)),
                         write_operation::returning::before);
  }
  task<T> update_get_after(id_type id, changes<T> what) {
    return returning_one(updating(detail::key_text(id), std::nullopt, {}, std::move(what)),
                         write_operation::returning::after);
  }

  /// Updates the document with `initial`'s id; where there is none, inserts `initial` (less the members `what` touches)
  /// and then applies `what`. True when it inserted.
  task<bool> upsert(T initial, changes<T> what) {
    const write_result done =
        co_await untyped_->write_one(upserting(std::move(initial), std::nullopt, std::move(what)));
    co_return done.inserted;
  }
  /// The same where the document must also match `where`; one that exists and does not match is a `duplicate` of "id".
  task<bool> upsert(T initial, filter<T> where, changes<T> what) {
    const write_result done =
        co_await untyped_->write_one(upserting(std::move(initial), std::move(where).condition(), std::move(what)));
    co_return done.inserted;
  }
  task<T> upsert_get_after(T initial, changes<T> what) {
    return returning_one(upserting(std::move(initial), std::nullopt, std::move(what)),
                         write_operation::returning::after);
  }
  task<T> upsert_get_after(T initial, filter<T> where, changes<T> what) {
    return returning_one(upserting(std::move(initial), std::move(where).condition(), std::move(what)),
                         write_operation::returning::after);
  }

  /// Writes a row that was read (or is new: version 0) and recomputed: inserts at version 0, else sets every member if
  /// the document is still at `document.version`. Errors: version_conflict (also where an insert finds one there),
  /// duplicate.
  task<void> save(T document, events with = {}) {
    co_await untyped_->write_one(saving(std::move(document), std::move(with)));
  }

  /// Errors: not_found, version_conflict, busy.
  task<void> remove(id_type id, events with = {}, std::optional<std::int64_t> expected_version = {}) {
    co_await untyped_->write_one(removing(detail::key_text(id), std::nullopt, std::move(with), expected_version));
  }
  /// The first match; false when there is none.
  task<bool> remove(filter<T> where, events with = {}) {
    const write_result done =
        co_await untyped_->write_one(removing({}, std::move(where).condition(), std::move(with), {}));
    co_return done.matched;
  }
  /// Removes the first match and returns what it was: a code that can be used once.
  task<std::optional<T>> take(filter<T> where, events with = {}) {
    return returning(removing({}, std::move(where).condition(), std::move(with), {}),
                     write_operation::returning::before);
  }

  /// Many writes in one round trip, each atomic for itself; one outcome per write, in order. At most 1,000.
  task<std::vector<write_outcome>> write(bulk<T> many);

  [[nodiscard]] const std::string& name() const noexcept { return untyped_->rules().spec->name; }

 private:
  friend class bulk<T>;

  static detail::pending_write of_document(write_operation::kind what, T document) {
    document.version = 1;
    detail::pending_write write{.what = what, .id = detail::key_text(document.id)};
    write.document = [document = std::move(document)](document_sink& sink, schema::cipher* seals) {
      schema::write_fields(sink, document, seals);
    };
    return write;
  }
  static void add_changes(detail::pending_write& write, changes<T> what) {
    if (what.whole_) {
      write.document = of_document(write.what, std::move(*what.whole_)).document;
      write.every_member = &schema::object_shape_of<T>();
    }
    write.operators = std::move(what.operators_);
    for (auto& one : what.sealed_) write.sealed.emplace_back(std::move(one.path), std::move(one.seal));
    write.expected = what.version_;
    write.bookkeeping = what.keeps_version_;
    write.with = std::move(what.events_);
  }
  static detail::pending_write inserting(T document, events with) {
    detail::pending_write write = of_document(write_operation::kind::insert, std::move(document));
    write.with = std::move(with);
    return write;
  }
  static detail::pending_write updating(std::string id, std::optional<predicate> where, std::vector<sort_key> by,
                                        changes<T> what) {
    detail::pending_write write{
        .what = write_operation::kind::update, .id = std::move(id), .where = std::move(where), .sort = std::move(by)};
    add_changes(write, std::move(what));
    return write;
  }
  static detail::pending_write upserting(T initial, std::optional<predicate> where, changes<T> what) {
    detail::pending_write write = of_document(write_operation::kind::upsert, std::move(initial));
    write.where = std::move(where);
    add_changes(write, std::move(what));
    return write;
  }
  static detail::pending_write removing(std::string id, std::optional<predicate> where, events with,
                                        std::optional<std::int64_t> expected) {
    return {.what = write_operation::kind::remove,
            .id = std::move(id),
            .where = std::move(where),
            .expected = expected,
            .with = std::move(with)};
  }
  static detail::pending_write saving(T document, events with) {
    const std::int64_t version = document.version;
    detail::pending_write write =
        of_document(version == 0 ? write_operation::kind::insert : write_operation::kind::update, std::move(document));
    write.with = std::move(with);
    write.new_row = version == 0;
    if (version != 0) {
      write.expected = version;
      write.every_member = &schema::object_shape_of<T>();
    }
    return write;
  }

  task<T> read(document_value stored) {
    const std::shared_ptr<schema::cipher> seals = co_await untyped_->cipher_for(stored);
    try {
      co_return schema::read_document<T>(stored, seals.get());
    } catch (const schema::invalid& why) {
      // Nothing a caller has said is wrong.
      throw error{failure::unavailable, "a document of " + name() + " cannot be read: " + why.what()};
    }
  }
  task<std::optional<T>> returning(detail::pending_write write, write_operation::returning wanted) {
    write.wanted = wanted;
    const write_result done = co_await untyped_->write_one(std::move(write));
    std::optional<T> result;
    if (done.document) result = co_await read(untyped_->decode(*done.document));
    co_return result;
  }
  task<T> returning_one(detail::pending_write write, write_operation::returning wanted) {
    write.wanted = wanted;
    const write_result done = co_await untyped_->write_one(std::move(write));
    co_return co_await read(untyped_->decode(done.document.value()));
  }

  std::shared_ptr<detail::untyped_collection> untyped_;
};

/// Writes to hand over together. Each is atomic for itself.
template <class T>
class bulk {
 public:
  bulk& insert(T document, events with = {}) {
    return add(collection<T>::inserting(std::move(document), std::move(with)));
  }
  bulk& update(typename collection<T>::id_type id, changes<T> what) {
    return add(collection<T>::updating(detail::key_text(id), std::nullopt, {}, std::move(what)));
  }
  bulk& update(filter<T> where, changes<T> what) {
    return add(collection<T>::updating({}, std::move(where).condition(), {}, std::move(what)));
  }
  bulk& upsert(T initial, changes<T> what) {
    return add(collection<T>::upserting(std::move(initial), std::nullopt, std::move(what)));
  }
  bulk& save(T document, events with = {}) { return add(collection<T>::saving(std::move(document), std::move(with))); }
  bulk& remove(typename collection<T>::id_type id, events with = {}) {
    return add(collection<T>::removing(detail::key_text(id), std::nullopt, std::move(with), {}));
  }

  [[nodiscard]] std::size_t size() const noexcept { return writes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return writes_.empty(); }

 private:
  friend class collection<T>;
  bulk& add(detail::pending_write write) {
    writes_.push_back(std::move(write));
    return *this;
  }
  std::vector<detail::pending_write> writes_;
};

template <class T>
task<std::vector<write_outcome>> collection<T>::write(bulk<T> many) {
  const std::vector<write_result> done = co_await untyped_->write(std::move(many.writes_));
  std::vector<write_outcome> outcomes;
  outcomes.reserve(done.size());
  for (const write_result& one : done) outcomes.push_back({one.matched && !one.refused, one.inserted, one.refused});
  co_return outcomes;
}

}  // namespace nxg::store
