#pragma once

#include "store/engine.hpp"
#include "store/filter.hpp"
#include "store/outbox.hpp"
#include "store/path.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace nxg::store {

/// What an update does to one document, in one atomic write:
///
///   change<visit>().set<&visit::state>(visit_state::ended).inc<&visit::samples>(40).expect(v.version).emit(visit_ended{...})
///
/// Operators of one update must touch different fields. Fields not named stay as they are, also those this program does
/// not know. Setting an empty optional unsets it.
template <class T>
class changes {
 public:
  template <auto... Path>
  changes&& set(const typename detail::path<Path...>::declared& value) {
    using where = detail::path<Path...>;
    check<Path...>();
    if constexpr (where::sealed) {
      sealed_.push_back({where::name(), [value](schema::cipher& seals) {
                           return schema::to_document_value(value, &seals, where::name());
                         }});
    } else {
      append(mutation::kind::set, where::name(), schema::to_document_value(value));
    }
    return std::move(*this);
  }
  template <auto... Path>
  changes&& unset() {
    check<Path...>();
    static_assert(detail::path<Path...>::nullable, "only an optional may be absent");
    return add(mutation::kind::unset, detail::path<Path...>::name(), {});
  }
  /// Adds, also a negative number; an absent field counts as 0. An integer that leaves +-2^53 is an `unavailable` that
  /// names it.
  template <auto... Path>
  changes&& inc(const typename detail::path<Path...>::value& by) {
    check<Path...>();
    return add(mutation::kind::increase, detail::path<Path...>::name(), schema::to_document_value(by));
  }
  /// Keeps the smaller of what is there and `value`.
  template <auto... Path>
  changes&& min(const typename detail::path<Path...>::value& value) {
    check<Path...>();
    return add(mutation::kind::minimum, detail::path<Path...>::name(), schema::to_document_value(value));
  }
  /// Keeps the larger of what is there and `value`.
  template <auto... Path>
  changes&& max(const typename detail::path<Path...>::value& value) {
    check<Path...>();
    return add(mutation::kind::maximum, detail::path<Path...>::name(), schema::to_document_value(value));
  }
  /// Appends to an array.
  template <auto... Path>
  changes&& push(const typename detail::element_of<value_at<Path...>>::type& value) {
    check<Path...>();
    return add(mutation::kind::push, detail::path<Path...>::name(), schema::to_document_value(value));
  }
  /// Appends to an array and drops its oldest elements beyond the last `n` (> 0).
  template <auto... Path>
  changes&& push_keep_last(const typename detail::element_of<value_at<Path...>>::type& value, std::size_t n) {
    check<Path...>();
    append(mutation::kind::push, detail::path<Path...>::name(), schema::to_document_value(value));
    operators_.back().keep = n;
    return std::move(*this);
  }
  /// Appends to an array unless an equal element is there.
  template <auto... Path>
  changes&& add_to_set(const typename detail::element_of<value_at<Path...>>::type& value) {
    check<Path...>();
    return add(mutation::kind::add_to_set, detail::path<Path...>::name(), schema::to_document_value(value));
  }
  /// Removes the elements that are `value`, or, with a path into the elements, have it there.
  template <auto... Path>
  changes&& pull(const typename detail::element_path<Path...>::value& value) {
    using where = detail::element_path<Path...>;
    append(mutation::kind::pull, where::array::name(), schema::to_document_value(value));
    operators_.back().element = where::element();
    return std::move(*this);
  }
  /// Only where an upsert inserts; overrides what the initial document says.
  template <auto... Path>
  changes&& set_on_insert(const typename detail::path<Path...>::declared& value) {
    check<Path...>();
    return add(mutation::kind::set_on_insert, detail::path<Path...>::name(), schema::to_document_value(value));
  }
  /// Sets every member but `id` and `version` (and unsets empty optionals): for rows that are recomputed as a whole.
  changes&& set_all(const T& document) {
    whole_ = document;
    return std::move(*this);
  }

  /// Only when the document is at that version, else `version_conflict`.
  changes&& expect(std::int64_t version) {
    version_ = version;
    return std::move(*this);
  }
  /// Leaves `version` as it is: for what is noted beside what people edit, so that nobody's edit is refused for it.
  changes&& keep_version() {
    keeps_version_ = true;
    return std::move(*this);
  }
  /// Writes these events with it; see outbox.hpp.
  template <class... Events>
  changes&& emit(const Events&... payloads) {
    (events_.add(payloads), ...);
    return std::move(*this);
  }
  changes&& emit(events more) {
    events_.append(std::move(more));
    return std::move(*this);
  }

 private:
  template <class>
  friend class collection;
  template <class>
  friend class bulk;

  struct sealed_set {
    std::string path;
    std::function<document_value(schema::cipher&)> seal;
  };

  template <auto... Path>
  static constexpr void check() {
    static_assert(std::is_base_of_v<document_at<Path...>, T>, "a member of another struct");
  }
  changes&& add(mutation::kind what, std::string path, document_value value) {
    append(what, std::move(path), std::move(value));
    return std::move(*this);
  }
  void append(mutation::kind what, std::string path, document_value value) {
    mutation one{.what = what, .path = std::move(path)};
    if (what == mutation::kind::set && value.is_null()) {
      one.what = mutation::kind::unset;
    } else if (what != mutation::kind::unset) {
      one.values.push_back(std::move(value));
    }
    operators_.push_back(std::move(one));
  }

  std::vector<mutation> operators_;
  std::vector<sealed_set> sealed_;
  std::optional<T> whole_;
  std::optional<std::int64_t> version_;
  bool keeps_version_ = false;
  events events_;
};

/// Begins an update.
template <class T>
[[nodiscard]] changes<T> change() {
  return {};
}

}  // namespace nxg::store
