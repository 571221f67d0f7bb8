#pragma once

#include "store/engine.hpp"
#include "store/path.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Conditions on documents, made from member pointers:
///
///   eq<&visit::member_id>(member) && gte<&visit::started_at>(monday)
///   eq<&machine::link, &link::member_id>(member)          // a path through nested structs
///   contains<&workout::sets, &set_entry::exercise>(id)    // some set of the array has that exercise
///
/// Absent and null are the same; comparisons (`lt` ...) and `in` never match an absent field, `ne` does, `eq(nullopt)`
/// is `absent`. Text compares by its bytes. `eq` does not compile on arrays, nothing here compiles on `encrypted`
/// members.
namespace nxg::store {

namespace detail {
predicate join(predicate::kind how, predicate a, predicate b);
predicate compare(predicate::kind what, std::string path, document_value value);
predicate search_words(std::string path, std::string_view text);
}  // namespace detail

template <class T>
class filter {
 public:
  /// Matches everything.
  filter() = default;
  explicit filter(predicate condition) : condition_{std::move(condition)} {}

  [[nodiscard]] const predicate& condition() const& noexcept { return condition_; }
  [[nodiscard]] predicate condition() && noexcept { return std::move(condition_); }

  friend filter operator&&(filter a, filter b) {
    return filter{detail::join(predicate::kind::all, std::move(a.condition_), std::move(b.condition_))};
  }
  friend filter operator||(filter a, filter b) {
    return filter{detail::join(predicate::kind::any, std::move(a.condition_), std::move(b.condition_))};
  }

 private:
  predicate condition_;
};

namespace detail {

template <auto... Path>
struct filter_path : path<Path...> {
  static_assert(!path<Path...>::sealed, "an encrypted member cannot be used in a filter");
  static_assert(!element_of<typename path<Path...>::value>::list, "use contains for arrays");
};

template <auto... Path>
filter<typename path<Path...>::root> compare_with(predicate::kind what, const typename path<Path...>::value& value) {
  return filter<typename path<Path...>::root>{
      compare(what, filter_path<Path...>::name(), schema::to_document_value(value))};
}

/// The value type behind `contains` and its like: an element, or the member of an element a longer path ends at.
template <auto... Path>
struct element_path;
template <auto Array>
struct element_path<Array> {
  using array = path<Array>;
  using value = typename element_of<typename array::value>::type;
  static std::string element() { return {}; }
};
template <auto Array, auto Member, auto... Rest>
  requires(element_of<typename path<Array>::value>::list)
struct element_path<Array, Member, Rest...> {
  using array = path<Array>;
  using inner = path<Member, Rest...>;
  static_assert(std::is_base_of_v<typename inner::root, typename element_of<typename array::value>::type>);
  using value = typename inner::value;
  static std::string element() { return inner::name(); }
};

}  // namespace detail

/// A member whose type may be given as anything convertible to it.
template <auto... Path>
using value_at = typename detail::path<Path...>::value;
template <auto... Path>
using document_at = typename detail::path<Path...>::root;

template <auto... Path>
filter<document_at<Path...>> eq(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::equal, value);
}
template <auto... Path>
filter<document_at<Path...>> ne(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::not_equal, value);
}
template <auto... Path>
filter<document_at<Path...>> lt(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::less, value);
}
template <auto... Path>
filter<document_at<Path...>> lte(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::less_equal, value);
}
template <auto... Path>
filter<document_at<Path...>> gt(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::greater, value);
}
template <auto... Path>
filter<document_at<Path...>> gte(const value_at<Path...>& value) {
  return detail::compare_with<Path...>(predicate::kind::greater_equal, value);
}
/// `from` <= field < `to`.
template <auto... Path>
filter<document_at<Path...>> between(const value_at<Path...>& from, const value_at<Path...>& to) {
  return gte<Path...>(from) && lt<Path...>(to);
}

/// One of at most 1,000 values. (g++ 12 cannot make the vector from braces inside a co_await expression: name it
/// before.)
template <auto... Path>
filter<document_at<Path...>> in(const std::vector<value_at<Path...>>& values) {
  predicate one{.what = predicate::kind::in, .path = detail::filter_path<Path...>::name()};
  for (const auto& value : values) one.values.push_back(schema::to_document_value(value));
  return filter<document_at<Path...>>{std::move(one)};
}

template <auto... Path>
filter<document_at<Path...>> exists() {
  return filter<document_at<Path...>>{
      predicate{.what = predicate::kind::exists, .path = detail::path<Path...>::name()}};
}
template <auto... Path>
filter<document_at<Path...>> absent() {
  return filter<document_at<Path...>>{
      predicate{.what = predicate::kind::absent, .path = detail::path<Path...>::name()}};
}

namespace detail {
template <auto... Path>
auto about_elements(predicate::kind what, const typename element_path<Path...>::value& value) {
  using where = element_path<Path...>;
  return filter<typename where::array::root>{predicate{.what = what,
                                                       .path = where::array::name(),
                                                       .element = where::element(),
                                                       .values = {schema::to_document_value(value)}}};
}
}  // namespace detail

/// Some element of an array is `value`, or, with a path into its elements, has it there.
template <auto... Path>
auto contains(const typename detail::element_path<Path...>::value& value) {
  return detail::about_elements<Path...>(predicate::kind::contains, value);
}
/// No element of an array is `value`, or has it there; also where there is no array: what is to be applied once is not
/// yet in the list of what was applied.
template <auto... Path>
auto lacks(const typename detail::element_path<Path...>::value& value) {
  return detail::about_elements<Path...>(predicate::kind::lacks, value);
}

/// Text that starts with `start`.
template <auto... Path>
  requires std::convertible_to<const value_at<Path...>&, std::string_view>
filter<document_at<Path...>> prefix(std::string_view start) {
  return filter<document_at<Path...>>{
      detail::compare(predicate::kind::prefix, detail::path<Path...>::name(), document_value{start})};
}

/// Text whose words start with all the words of `text`, in any order and case: "ben pre" finds "Bench Press". For
/// members with an `index.words`. A text without words finds everything.
template <auto... Path>
  requires std::convertible_to<const value_at<Path...>&, std::string_view>
filter<document_at<Path...>> search(std::string_view text) {
  return filter<document_at<Path...>>{detail::search_words(detail::path<Path...>::name(), text)};
}

/// The order of a page. `id` decides between equals.
///   sort<visit>().descending<&visit::started_at>()
template <class T>
class sort {
 public:
  template <auto... Path>
  sort&& ascending() {
    return this->template by<Path...>(false);
  }
  template <auto... Path>
  sort&& descending() {
    return this->template by<Path...>(true);
  }

  [[nodiscard]] const std::vector<sort_key>& keys() const noexcept { return keys_; }

 private:
  template <auto... Path>
  sort&& by(bool descending) {
    static_assert(std::is_base_of_v<document_at<Path...>, T>);
    static_assert(!detail::element_of<value_at<Path...>>::list, "arrays have no order");
    keys_.push_back({detail::path<Path...>::name(), descending, detail::path<Path...>::nullable});
    return std::move(*this);
  }
  std::vector<sort_key> keys_;
};

}  // namespace nxg::store
