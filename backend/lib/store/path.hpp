#pragma once

#include "schema/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// From member pointers to stored paths and values.
namespace nxg::store::detail {

template <class M>
struct member_of;
template <class C, class V>
struct member_of<V C::*> {
  using owner = C;
  using value = V;
};

template <class V>
struct without_optional {
  using type = V;
  static constexpr bool optional = false;
};
template <class V>
struct without_optional<std::optional<V>> {
  using type = V;
  static constexpr bool optional = true;
};

template <class V>
struct element_of {
  static constexpr bool list = false;
};
template <class V>
struct element_of<std::vector<V>> {
  static constexpr bool list = true;
  using type = V;
};
template <class V, std::size_t Min, std::size_t Max>
struct element_of<schema::list<V, Min, Max>> : element_of<std::vector<V>> {};

/// A path through described structs: `path<&machine::link, &link::member_id>`.
template <auto... Members>
struct path;

template <auto Last>
struct path<Last> {
  using root = typename member_of<decltype(Last)>::owner;
  using declared = typename member_of<decltype(Last)>::value;
  using value = typename without_optional<declared>::type;
  static constexpr bool nullable = without_optional<declared>::optional;
  static constexpr bool sealed = !schema::is_filterable<Last>;
  static std::string name() { return std::string{schema::stored_path_of<Last>()}; }
};

template <auto First, auto Second, auto... Rest>
struct path<First, Second, Rest...> {
  using root = typename member_of<decltype(First)>::owner;
  using step = typename without_optional<typename member_of<decltype(First)>::value>::type;
  using tail = path<Second, Rest...>;
  using declared = typename tail::declared;
  using value = typename tail::value;
  static constexpr bool nullable =
      tail::nullable || without_optional<typename member_of<decltype(First)>::value>::optional;
  static_assert(std::is_base_of_v<typename tail::root, step>,
                "each member of a path belongs to the struct the one before it holds; arrays are reached by contains, "
                "pull and index.elements");
  static constexpr bool sealed = !schema::is_filterable<First, Second, Rest...>;
  static std::string name() { return std::string{schema::stored_path_of<First, Second, Rest...>()}; }
};

}  // namespace nxg::store::detail
