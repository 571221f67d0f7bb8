#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "schema/document.hpp"
#include "store/errors.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The port: what an engine must do. Everything here is neutral: paths are dotted stored names ("link.memberId"),
/// values are `schema::document_value`. Code above the store uses `collection.hpp` instead.
///
/// A stored document is the struct's fields plus bookkeeping the engine need not understand, except where told:
///   id        string; the key
///   version   integer, 1 after insert, +1 by every update that is not bookkeeping
///   _schema   integer, the schema version the document was written in
///   _words    {index name: [word, ...]}, for indexes of `words`
///   _outbox   {sequence, pending, dueAt?, claim?, removed?, events: [...]}, see outbox.hpp; absent without events
/// A document with `_outbox.removed` is a tombstone: no `find` and no update reaches it unless the operation says
/// `tombstones`.
namespace nxg::store {

using schema::document_sink;
using schema::document_value;

namespace stored_names {
inline constexpr std::string_view id = "id";
inline constexpr std::string_view version = "version";
inline constexpr std::string_view schema = "_schema";
inline constexpr std::string_view words = "_words";
inline constexpr std::string_view outbox = "_outbox";
inline constexpr std::string_view pending = "_outbox.pending";
inline constexpr std::string_view removed = "_outbox.removed";
}  // namespace stored_names

inline constexpr std::int64_t max_pending_events = 64;  ///< undelivered, per document

inline constexpr instant beginning_of_time{};

/// A condition on one document. Absent and null are the same everywhere.
struct predicate {
  enum class kind : std::uint8_t {
    everything,  ///< true
    all,         ///< every one of `parts`
    any,         ///< at least one of `parts`
    equal,       ///< values[0]; null: absent. Never looks inside arrays.
    not_equal,   ///< not `equal`: an absent field is not equal to any value
    less,
    less_equal,
    greater,
    greater_equal,  ///< values[0]; an absent field never is
    in,             ///< equal to one of `values`; none: nothing matches
    exists,         ///< present and not null
    absent,
    contains,     ///< an element of the array at `path` equals values[0] (`element`: that field of an element)
    lacks,        ///< not `contains`
    prefix,       ///< text that starts with values[0], byte by byte
    word_prefix,  ///< an element of the array of words at `path` starts with values[0]
  };
  kind what = kind::everything;
  std::string path = {};
  std::string element = {};
  std::vector<document_value> values = {};
  std::vector<predicate> parts = {};
};

/// One operator of an update. Operators of one update touch different fields.
struct mutation {
  enum class kind : std::uint8_t {
    set,  ///< values[0]
    unset,
    increase,       ///< by values[0], integer or double; an absent field counts as 0
    minimum,        ///< values[0] where that is less, or the field is absent
    maximum,        ///< values[0] where that is more, or the field is absent
    push,           ///< appends `values`; then keeps the last `keep` elements, 0: all
    add_to_set,     ///< appends those of `values` that are not in the array
    pull,           ///< removes elements equal to one of `values` (`element`: by that field of an element)
    set_on_insert,  ///< values[0], only where an upsert inserts
  };
  kind what = kind::set;
  std::string path = {};
  std::string element = {};
  std::vector<document_value> values = {};
  std::size_t keep = 0;
};

struct sort_key {
  std::string path = {};
  bool descending = false;
  bool nullable = false;  ///< some documents may lack it; they sort as less than everything
};

struct query {
  predicate where = {};
  std::vector<sort_key> sort = {};  ///< `id` follows as last key, in the direction of the key before it
  std::size_t limit = 0;            ///< 0: no limit (only `count`)
  std::vector<document_value> after =
      {};                   ///< values of the sort keys and the id of the last document seen; empty: from the start
  bool tombstones = false;  ///< also tombstones
};

/// A document in the engine's own form (text, BSON), as `engine::encode` made it or a read brought it.
struct stored_document {
  std::string bytes = {};
};

struct write_operation {
  enum class kind : std::uint8_t {
    insert,  ///< `document`
    update,  ///< the first match of `where` in the order of `sort`
    upsert,  ///< as update; without a match inserts `document`, less the fields `changes` touch, then applies `changes`
    remove,  ///< the first match. A document with `_outbox.pending` > 0, before or by `changes`, becomes a tombstone
    lift,    ///< brings the document `id` to the declared schema version; no change of `version`
    put,     ///< `document` as it stands (version, tombstone, expiry) in the place of whatever has its id: copies of
             ///< stores. Refused by unique indexes alone
  };
  kind what = kind::insert;
  std::string id = {};  ///< of the document; may be empty for update and remove by `where`
  predicate where = {};
  std::vector<sort_key> sort = {};
  std::optional<std::int64_t> expected_version = {};
  stored_document document = {};
  std::vector<mutation> changes = {};  ///< for `remove`: of `_outbox` only
  std::size_t new_events =
      0;  ///< that `changes` or `document` add: `busy` where `_outbox.pending` would exceed `max_pending_events`
  bool bookkeeping = false;  ///< `version` stays
  bool tombstones = false;   ///< also matches tombstones; a `remove` then removes for good
  enum class returning : std::uint8_t { nothing, before, after };
  returning wanted = returning::nothing;
};

struct write_result {
  bool matched = false;                          ///< a document matched (or was inserted)
  bool inserted = false;                         ///< by insert or upsert
  std::string id = {};                           ///< of the document written
  std::optional<stored_document> document = {};  ///< what `returning` asked for
  std::optional<error> refused = {};             ///< duplicate, version_conflict, not_found, busy, unavailable
};

struct index_spec {
  enum class kind : std::uint8_t {
    ordered,   ///< over `keys`, in their order
    elements,  ///< of the array at keys[0].path (`element`: that field of an element)
    words,     ///< of the text at keys[0].path: the array at `_words.<name>`, kept by the collection
  };
  std::string name = {};
  kind what = kind::ordered;
  std::vector<sort_key> keys = {};
  std::string element = {};
  bool unique = false;
  bool absent_counts =
      false;             ///< unique: absent fields are a value too; else documents that lack a key are not in the index
  predicate where = {};  ///< partial: only documents that match; equal, exists and `all` of those
};

struct collection_spec {
  std::string name = {};
  int schema = 1;
  std::vector<std::function<void(document_value&)>> lifts = {};  ///< [0]: from version 1 to 2
  std::vector<index_spec> indexes = {};                          ///< outbox, expiry and words indexes included
  std::string shard_key = {};                                    ///< path; empty: unsharded
  std::string expires = {};  ///< path of an instant; documents past it are invisible at once; empty: none
  bool has_outbox = false;
};

/// Brings a document read from the store to the declared schema version. Throws `unavailable` for one newer than the
/// declared version + 1, naming collection and versions.
void lift(const collection_spec& collection, document_value& document);

/// An engine keeps documents. Thread-safe. Every operation bounds its queues (`busy` at once when full) and its own
/// time (5 s), and ends when the caller is cancelled: reads and writes that have not begun with `operation_aborted`, a
/// write that has with `outcome_unknown`.
class engine {
 public:
  engine() = default;
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  virtual ~engine() = default;

  /// Makes the engine's own form of what `write` tells the sink (one object). Runs on the caller's thread.
  [[nodiscard]] virtual stored_document encode(const std::function<void(document_sink&)>& write) const = 0;
  [[nodiscard]] virtual document_value decode(const stored_document& document) const = 0;

  /// Makes the collection and its indexes what `collection` says. Repeatable. `unavailable` with a sentence where
  /// stored documents forbid it (duplicates under a new unique index, newer schema).
  virtual task<void> prepare(std::shared_ptr<const collection_spec> collection) = 0;
  /// What `prepare` would make: names of indexes, or that of the collection where there is none of it. Changes nothing.
  virtual task<std::vector<std::string>> missing(std::shared_ptr<const collection_spec> collection) = 0;

  /// `now` is what expiry is compared with; `beginning_of_time`: nothing has expired.
  virtual task<std::vector<stored_document>> find(std::shared_ptr<const collection_spec> collection, query what,
                                                  instant now) = 0;
  virtual task<std::uint64_t> count(std::shared_ptr<const collection_spec> collection, query what, instant now) = 0;

  /// One result per operation, in order; each operation is atomic for itself, one refused does not stop the others.
  /// Durable when this returns. Throws only when nothing can be said about any of them (busy, unavailable,
  /// outcome_unknown).
  virtual task<std::vector<write_result>> write(std::shared_ptr<const collection_spec> collection,
                                                std::vector<write_operation> operations, instant now) = 0;
};

}  // namespace nxg::store
