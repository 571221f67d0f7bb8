#pragma once

#include "store/engine.hpp"
#include "store/filter.hpp"
#include "store/path.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

/// What is declared beside a stored type. `declare` is found by argument-dependent lookup, so it stands in the
/// namespace of T:
///
///   struct visit { uuid id; std::int64_t version = 0; uuid member_id; ... };
///   BOOST_DESCRIBE_STRUCT(visit, (), (id, version, member_id, ...))
///   inline store::declaration<visit> declare(store::tag<visit>) {
///     using namespace store;
///     return {.name = "visits",
///             .schema = 1,
///             .shard = sharded_by<&visit::member_id>(),
///             .owner = owned_by<&visit::member_id>(),
///             .exported = exported_whole(),
///             .erased = anonymised<&visit::member_id>(),
///             .kept = kept_for_good("visits are the gym's accounts"),
///             .indexes =
///             {index_of<visit>("one_open_visit").on<&visit::member_id>().unique().where(eq<&visit::state>(open)),
///                         index_of<visit>("by_member").on<&visit::member_id>().on<&visit::started_at>()},
///             .events = carries<visit_started, visit_ended>()};
///   }
///
/// `name` to `kept` have no default: left out, it does not compile. What contradicts itself (a unique index without the
/// shard key, a TTL with events, lifts that do not fit the version) throws std::logic_error, with every problem, when
/// the collection is made.
///
/// T has `id` (uuid, std::string or text) and `std::int64_t version`. `version` is the store's: insert makes it 1.
namespace nxg::store {

template <class T>
struct tag {};

class collection_name {
 public:
  template <std::size_t N>
  collection_name(const char (&name)[N]) : value_{name} {}
  [[nodiscard]] const std::string& value() const noexcept { return value_; }

 private:
  std::string value_;
};

/// The schema version documents are written in, from 1, and the functions that lift older ones: lifts[0] makes a
/// version 1 document a version 2 one, and so on. A lift gets the stored form and must tolerate fields it does not
/// know.
class schema_version {
 public:
  using lift = std::function<void(document_value&)>;
  schema_version(int number, std::vector<lift> lifts = {}) : number_{number}, lifts_{std::move(lifts)} {}
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const std::vector<lift>& lifts() const noexcept { return lifts_; }

 private:
  int number_;
  std::vector<lift> lifts_;
};

/// A decision with its paths, or with the reason there are none.
template <class Kind>
class rule {
 public:
  rule(Kind kind, std::vector<std::string> paths, std::string reason)
      : kind_{kind}, paths_{std::move(paths)}, reason_{std::move(reason)} {}
  [[nodiscard]] Kind what() const noexcept { return kind_; }
  [[nodiscard]] const std::vector<std::string>& paths() const noexcept { return paths_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  Kind kind_;
  std::vector<std::string> paths_;
  std::string reason_;
};

enum class shard_kind : std::uint8_t { sharded, unsharded };
enum class owner_kind : std::uint8_t { member, nobody };
enum class export_kind : std::uint8_t { whole, without, not_at_all };
enum class erase_kind : std::uint8_t { deleted, anonymised, kept };

using shard_rule = rule<shard_kind>;
using owner_rule = rule<owner_kind>;
using export_rule = rule<export_kind>;
using erase_rule = rule<erase_kind>;

/// Documents are spread by this member, which every unique index contains.
template <auto... Path>
shard_rule sharded_by() {
  static_assert(!detail::path<Path...>::nullable, "a shard key is always there");
  return {shard_kind::sharded, {detail::path<Path...>::name()}, {}};
}
inline shard_rule unsharded(std::string reason) { return {shard_kind::unsharded, {}, std::move(reason)}; }

/// The member (person) a document is about.
template <auto... Path>
owner_rule owned_by() {
  return {owner_kind::member, {detail::path<Path...>::name()}, {}};
}
inline owner_rule nobodys(std::string reason) { return {owner_kind::nobody, {}, std::move(reason)}; }

/// What the owner's export holds.
inline export_rule exported_whole() { return {export_kind::whole, {}, {}}; }
template <auto... Members>
export_rule exported_without() {
  return {export_kind::without, {detail::path<Members>::name()...}, {}};
}
inline export_rule not_exported(std::string reason) { return {export_kind::not_at_all, {}, std::move(reason)}; }

/// What happens to it when the owner is erased.
inline erase_rule deleted() { return {erase_kind::deleted, {}, {}}; }
/// The members named are unset, or replaced by one random id per erasure where they are ids.
template <auto... Members>
erase_rule anonymised() {
  return {erase_kind::anonymised, {detail::path<Members>::name()...}, {}};
}
inline erase_rule not_erased(std::string reason) { return {erase_kind::kept, {}, std::move(reason)}; }

/// How long it is kept.
class retention {
 public:
  enum class kind : std::uint8_t { for_good, until, for_some_time };
  retention(kind what, std::string path, std::chrono::hours time, std::string reason)
      : kind_{what}, path_{std::move(path)}, time_{time}, reason_{std::move(reason)} {}
  [[nodiscard]] kind what() const noexcept { return kind_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::chrono::hours time() const noexcept { return time_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  kind kind_;
  std::string path_;
  std::chrono::hours time_;
  std::string reason_;
};
inline retention kept_for_good(std::string reason) { return {retention::kind::for_good, {}, {}, std::move(reason)}; }
/// A TTL: from the instant in that member on the document is invisible, and removed some time later. Absent: never.
/// Such a collection carries no events.
template <auto... Path>
  requires std::same_as<value_at<Path...>, instant>
retention kept_until() {
  return {retention::kind::until, detail::path<Path...>::name(), {}, {}};
}
/// Removed by `expiry::sweep` that long after the instant in that member; visible until then. Has an index by itself.
template <auto... Path>
  requires std::same_as<value_at<Path...>, instant>
retention kept_for(std::chrono::hours time) {
  return {retention::kind::for_some_time, detail::path<Path...>::name(), time, {}};
}

/// An index. Its name is what a `duplicate` tells, unique in its collection.
template <class T>
class index_of {
 public:
  explicit index_of(std::string name) { spec_.name = std::move(name); }

  /// Adds a key.
  template <auto... Path>
  index_of&& on() {
    return this->template key<Path...>(false);
  }
  template <auto... Path>
  index_of&& on_descending() {
    return this->template key<Path...>(true);
  }
  /// Over the elements of an array, or a member of its elements: serves `contains`. The only key of its index.
  template <auto... Path>
  index_of&& on_elements() {
    using where = detail::element_path<Path...>;
    static_assert(std::is_base_of_v<typename where::array::root, T>);
    spec_.what = index_spec::kind::elements;
    spec_.keys.push_back({where::array::name(), false, true});
    spec_.element = where::element();
    return std::move(*this);
  }
  /// Over the words of a text: serves `search`. The only key of its index. Updates of that member are by `set` alone.
  template <auto... Path>
  index_of&& on_words() {
    static_assert(std::is_base_of_v<document_at<Path...>, T>);
    spec_.what = index_spec::kind::words;
    spec_.keys.push_back({detail::filter_path<Path...>::name(), false, true});
    return std::move(*this);
  }
  /// No two documents may have the same values; documents that lack one of the keys are not in the index.
  index_of&& unique() {
    spec_.unique = true;
    return std::move(*this);
  }
  /// With `unique`: absent keys are a value like any other.
  index_of&& absent_counts() {
    spec_.absent_counts = true;
    return std::move(*this);
  }
  /// Only documents that match, by `eq` and `exists` joined by &&. Queries that use the index say so in the same words.
  index_of&& where(filter<T> condition) {
    spec_.where = std::move(condition).condition();
    return std::move(*this);
  }

  [[nodiscard]] const index_spec& spec() const noexcept { return spec_; }

 private:
  template <auto... Path>
  index_of&& key(bool descending) {
    static_assert(std::is_base_of_v<document_at<Path...>, T>, "a member of another struct");
    spec_.keys.push_back({detail::filter_path<Path...>::name(), descending, detail::path<Path...>::nullable});
    return std::move(*this);
  }
  index_spec spec_;
};

/// Declared beside an event type, found as `declare`:
///   inline store::event_declaration<visit_ended> declare(store::tag<visit_ended>) { return {.name = "visit_ended",
///   .schema = 1}; }
template <class Event>
struct event_declaration {
  collection_name name;
  schema_version schema;
};

/// An event type, neutral.
struct event_spec {
  std::type_index type;
  std::string name;
  int schema;
  std::vector<schema_version::lift> lifts;
  const schema::shape* shape;
};

template <class Event>
event_spec event_of() {
  const event_declaration<Event> declared = declare(tag<Event>{});
  return {typeid(Event), declared.name.value(), declared.schema.number(), declared.schema.lifts(),
          &schema::shape_of<Event>()};
}

/// The event types documents of a collection may carry.
template <class... Events>
std::vector<event_spec> carries() {
  return {event_of<Events>()...};
}

template <class T>
struct declaration {
  collection_name name;
  schema_version schema;
  shard_rule shard;
  owner_rule owner;
  export_rule exported;
  erase_rule erased;
  retention kept;
  std::vector<index_of<T>> indexes = {};
  std::vector<event_spec> events = {};
};

/// A declaration without its type.
struct collection_rules {
  std::type_index type;
  const schema::shape* shape;
  std::shared_ptr<const collection_spec> spec;
  shard_rule shard;
  owner_rule owner;
  export_rule exported;
  erase_rule erased;
  retention kept;
  std::vector<event_spec> events;
};

namespace detail {
/// Checks and completes (indexes of outbox and expiry). Throws std::logic_error with every problem.
std::shared_ptr<const collection_rules> rules_of(collection_rules declared, collection_spec spec);
}  // namespace detail

template <class T>
std::shared_ptr<const collection_rules> rules_of() {
  declaration<T> declared = declare(tag<T>{});
  collection_spec spec{
      .name = declared.name.value(), .schema = declared.schema.number(), .lifts = declared.schema.lifts()};
  for (const auto& one : declared.indexes) spec.indexes.push_back(one.spec());
  return detail::rules_of({typeid(T), &schema::shape_of<T>(), nullptr, declared.shard, declared.owner,
                           declared.exported, declared.erased, declared.kept, declared.events},
                          std::move(spec));
}

}  // namespace nxg::store
