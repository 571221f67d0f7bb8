#pragma once

#include "schema/shape.hpp"
#include "schema/types.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Makes shapes of types. Templates here only fill tables; what walks them is compiled once, elsewhere.
///
/// Supported: bool, integers, float, double, std::string, uuid, instant, local_date, the types of `types.hpp`, enums
/// and structs described with Boost.Describe, std::optional, std::vector, std::map<std::string, T>; nested at will.
namespace nxg::schema {

namespace detail {

inline constexpr auto member_access = boost::describe::mod_public | boost::describe::mod_inherited;

template <class T>
using members_of = boost::describe::describe_members<T, member_access>;

template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

/// A fixed string made at compile time.
template <std::size_t N>
struct spelled {
  std::array<char, N> characters{};
  std::size_t size = 0;
  [[nodiscard]] constexpr std::string_view view() const { return {characters.data(), size}; }
  constexpr void append(char c) { characters[size++] = c; }
  constexpr void append(std::string_view text) {
    for (const char c : text) append(c);
  }
};

template <std::size_t N>
constexpr void append_camel_case(spelled<N>& out, std::string_view name) {
  while (name.ends_with('_')) name.remove_suffix(1);
  bool upper = false;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      out.append(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
      upper = false;
    }
  }
}

/// `,"key":` of a member, by its descriptor.
template <class Descriptor>
struct key_of {
  static constexpr auto make() {
    spelled<std::string_view{Descriptor::name}.size() + 4> out;
    out.append(",\"");
    append_camel_case(out, Descriptor::name);
    out.append("\":");
    return out;
  }
  static constexpr auto prefix = make();
  static constexpr std::string_view key{prefix.characters.data() + 2, prefix.size - 4};
};

/// What the compiler calls T, with namespaces.
template <class T>
constexpr std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("T = ") + 4);
  return name.substr(0, name.find_first_of(";]"));
}

template <class T>
struct always_false : std::false_type {};

/// Specialised per supported type: `value`, its shape, and where it differs from the object itself, `storage`.
template <class T>
struct describer {
  static_assert(
      always_false<T>::value,
      "not a supported type: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM, or see reflection.hpp");
};

/// The storage of an object, as its shape describes it. Shapes read and write through one kind of pointer; what was
/// const here only ever goes to functions that read.
template <class T>
void* storage_of(const T& object) noexcept {
  auto& self = const_cast<T&>(object);
  if constexpr (requires { raw_access::of(self); }) {
    return storage_of(raw_access::of(self));
  } else {
    return &self;
  }
}

template <class T>
constexpr integer_shape integer_of(bool is_bounded, T min, T max) {
  const auto clamp = [](T bound) {
    if constexpr (std::is_signed_v<T>) {
      return std::int64_t{bound} < -max_integer  ? -max_integer
             : std::int64_t{bound} > max_integer ? max_integer
                                                 : std::int64_t{bound};
    } else {
      return std::uint64_t{bound} > std::uint64_t{max_integer} ? max_integer : static_cast<std::int64_t>(bound);
    }
  };
  return {{kind::integer}, sizeof(T), std::is_signed_v<T>, is_bounded, clamp(min), clamp(max)};
}

template <class T>
concept plain_integer =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <>
struct describer<bool> {
  static constexpr shape value{kind::boolean};
};
template <plain_integer T>
struct describer<T> {
  static constexpr integer_shape value =
      integer_of<T>(false, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
};
template <std::floating_point T>
  requires(sizeof(T) <= sizeof(double))
struct describer<T> {
  static constexpr number_shape value{
      {kind::number}, sizeof(T), -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
};
template <plain_integer T, T Min, T Max>
struct describer<bounded<T, Min, Max>> {
  static constexpr integer_shape value = integer_of<T>(true, Min, Max);
};
template <std::floating_point T, T Min, T Max>
struct describer<bounded<T, Min, Max>> {
  static constexpr number_shape value{{kind::number}, sizeof(T), static_cast<double>(Min), static_cast<double>(Max)};
};

template <>
struct describer<std::string> {
  static constexpr string_shape value{{kind::string}, 0, unlimited, "", "", "", nullptr};
};
template <std::size_t Min, std::size_t Max>
struct describer<text<Min, Max>> {
  static constexpr string_shape value{{kind::string}, Min, Max, "", "", "", nullptr};
};
template <class Rule>
struct describer<formatted<Rule>> {
  static constexpr string_shape value{{kind::string}, Rule::min_length,  Rule::max_length, Rule::format,
                                      Rule::pattern,  Rule::expectation, &Rule::accept};
};

template <>
struct describer<uuid> {
  static constexpr shape value{kind::id};
};
template <>
struct describer<instant> {
  static constexpr shape value{kind::time};
};
template <>
struct describer<local_date> {
  static constexpr shape value{kind::date};
};
template <>
struct describer<bytes> {
  static constexpr shape value{kind::binary};
};
template <>
struct describer<any_json> {
  static constexpr shape value{kind::raw_json};
};

template <class T>
struct describer<std::optional<T>> {
  static_assert(!is_optional<T>, "null and absent are the same: an optional of an optional says nothing more");
  static void* get(void* self) {
    auto& optional = *static_cast<std::optional<T>*>(self);
    return optional ? storage_of(*optional) : nullptr;
  }
  static void* emplace(void* self) { return storage_of(static_cast<std::optional<T>*>(self)->emplace()); }
  static void reset(void* self) { static_cast<std::optional<T>*>(self)->reset(); }
  static constexpr optional_shape value{{kind::optional}, &describer<T>::value, &get, &emplace, &reset};
};

template <class T>
struct vector_functions {
  static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no elements to point at");
  static_assert(!is_optional<T>, "null is no element of a list");
  static std::vector<T>& self(void* storage) { return *static_cast<std::vector<T>*>(storage); }
  static std::size_t size(void* storage) { return self(storage).size(); }
  static void* at(void* storage, std::size_t i) { return storage_of(self(storage)[i]); }
  static void* append(void* storage) { return storage_of(self(storage).emplace_back()); }
  static void clear(void* storage) { self(storage).clear(); }
  static constexpr list_shape shape_with(std::size_t min, std::size_t max) {
    return {{kind::list}, &describer<T>::value, min, max, &size, &at, &append, &clear};
  }
};
template <class T>
struct describer<std::vector<T>> {
  static constexpr list_shape value = vector_functions<T>::shape_with(0, unlimited);
};
template <class T, std::size_t Min, std::size_t Max>
struct describer<list<T, Min, Max>> {
  static constexpr list_shape value = vector_functions<T>::shape_with(Min, Max);
};

template <class T>
struct describer<std::map<std::string, T>> {
  static_assert(!is_optional<T>, "null is no value of a map");
  using map = std::map<std::string, T>;
  static void* insert(void* storage, std::string&& key) {
    const auto [at, fresh] = static_cast<map*>(storage)->try_emplace(std::move(key));
    return fresh ? storage_of(at->second) : nullptr;
  }
  static void each(void* storage, void* context, map_shape::visitor visit) {
    for (auto& [key, item] : *static_cast<map*>(storage)) visit(context, key, storage_of(item));
  }
  static void clear(void* storage) { static_cast<map*>(storage)->clear(); }
  static constexpr map_shape value{{kind::map}, &describer<T>::value, &insert, &each, &clear};
};

template <class T>
struct describer<encrypted<T>> {
  static constexpr sealed_shape value{{kind::sealed}, &describer<T>::value};
};

constexpr std::string_view without_trailing_underscore(std::string_view name) {
  while (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

template <class List>
struct enumerator_table;
template <template <class...> class List, class... D>
struct enumerator_table<List<D...>> {
  static constexpr std::array<enumerator, sizeof...(D)> value{
      enumerator{without_trailing_underscore(D::name), static_cast<std::int64_t>(D::value)}...};
};

template <described_enum T>
struct describer<T> {
  static constexpr enum_shape value{{kind::enumeration},
                                    sizeof(T),
                                    std::is_signed_v<std::underlying_type_t<T>>,
                                    type_name<T>(),
                                    enumerator_table<boost::describe::describe_enumerators<T>>::value};
};

template <class T>
constexpr bool is_listed_optional(std::string_view name) {
  if constexpr (requires { T::optional_fields; }) {
    for (const std::string_view listed : T::optional_fields) {
      if (listed == name) return true;
    }
  }
  return false;
}

template <class T>
constexpr std::string_view note_on(std::string_view name) {
  if constexpr (requires { T::descriptions; }) {
    for (const note& listed : T::descriptions) {
      if (listed.name == name) return listed.text;
    }
  }
  return "";
}

template <class T, class Descriptor>
struct member_of {
  using type = std::remove_cvref_t<decltype(std::declval<T&>().*Descriptor::pointer)>;
  static void* access(void* self) { return storage_of(static_cast<T*>(self)->*Descriptor::pointer); }
  static constexpr field make() {
    return {Descriptor::name,
            key_of<Descriptor>::key,
            key_of<Descriptor>::prefix.view(),
            note_on<T>(Descriptor::name),
            &describer<type>::value,
            &access,
            !is_optional<type> && !is_listed_optional<T>(Descriptor::name)};
  }
};

template <class T, class List>
struct field_table;
template <class T, template <class...> class List, class... D>
struct field_table<T, List<D...>> {
  static_assert(sizeof...(D) <= max_fields);
  static constexpr std::array<field, sizeof...(D)> value{member_of<T, D>::make()...};

  static constexpr bool has(std::string_view name) { return ((name == D::name) || ...); }
  static constexpr bool names_exist() {
    if constexpr (requires { T::optional_fields; }) {
      for (const std::string_view name : T::optional_fields) {
        if (!has(name)) return false;
      }
    }
    if constexpr (requires { T::descriptions; }) {
      for (const note& listed : T::descriptions) {
        if (!has(listed.name)) return false;
      }
    }
    return true;
  }
  static_assert(names_exist(), "optional_fields or descriptions name something that is no member");
};

template <described_struct T>
struct describer<T> {
  static void check(const void* self, problems& found) { T::check(*static_cast<const T*>(self), found); }
  static void with_default(void* context, object_shape::visitor visit) {
    T made{};
    visit(context, &made);
  }
  static constexpr object_shape make() {
    object_shape result{{kind::object}, type_name<T>(), "", field_table<T, members_of<T>>::value,
                        nullptr,        &with_default};
    if constexpr (requires { T::schema_name; }) result.type_name = T::schema_name;
    if constexpr (requires { T::description; }) result.note = T::description;
    if constexpr (requires(const T& self, problems& found) { T::check(self, found); }) result.check = &check;
    return result;
  }
  static constexpr object_shape value = make();
};

template <auto Member>
struct pointed_to;
template <class Class, class Member, Member Class::* Pointer>
struct pointed_to<Pointer> {
  using owner = Class;
  using type = Member;

  template <class List>
  struct search;
  template <template <class...> class List, class... D>
  struct search<List<D...>> {
    template <class Candidate>
    static constexpr bool is_it() {
      if constexpr (std::is_same_v<std::remove_cv_t<decltype(Candidate::pointer)>, Member Class::*>) {
        return Candidate::pointer == Pointer;
      } else {
        return false;
      }
    }
    static constexpr std::string_view find() {
      std::string_view found;
      (void)((is_it<D>() ? (found = key_of<D>::key, true) : false) || ...);
      return found;
    }
  };
  static constexpr std::string_view key = search<members_of<Class>>::find();
  static_assert(!key.empty(), "not a described member");
};

/// The struct a path goes on in: through optionals, lists, maps and seals.
template <class T>
struct inner_struct {
  using type = T;
};
template <class T>
struct inner_struct<std::optional<T>> : inner_struct<T> {};
template <class T>
struct inner_struct<std::vector<T>> : inner_struct<T> {};
template <class T, std::size_t Min, std::size_t Max>
struct inner_struct<list<T, Min, Max>> : inner_struct<T> {};
template <class T>
struct inner_struct<encrypted<T>> : inner_struct<T> {};

template <class T>
struct is_sealed : std::false_type {};
template <class T>
struct is_sealed<encrypted<T>> : std::true_type {};
template <class T>
struct is_sealed<std::optional<T>> : is_sealed<T> {};
template <class T>
struct is_sealed<std::vector<T>> : is_sealed<T> {};
template <class T, std::size_t Min, std::size_t Max>
struct is_sealed<list<T, Min, Max>> : is_sealed<T> {};
template <class T>
struct is_sealed<std::map<std::string, T>> : is_sealed<T> {};

template <auto First, auto... Rest>
constexpr bool path_continues() {
  if constexpr (sizeof...(Rest) == 0) {
    return true;
  } else {
    return []<auto Next, auto... Others>(std::integral_constant<decltype(Next), Next>, auto...) {
      return std::is_base_of_v<typename pointed_to<Next>::owner,
                               typename inner_struct<typename pointed_to<First>::type>::type>;
    }(std::integral_constant<decltype(Rest), Rest>{}...) &&
           path_continues<Rest...>();
  }
}

template <char Separator, bool Leading, auto... Members>
struct joined {
  static_assert(sizeof...(Members) > 0 && path_continues<Members...>(),
                "each member must be one of the struct before it");
  static constexpr auto make() {
    spelled<(pointed_to<Members>::key.size() + ...) + sizeof...(Members)> out;
    ((Leading || out.size > 0 ? out.append(Separator) : void(), out.append(pointed_to<Members>::key)), ...);
    return out;
  }
  static constexpr auto text = make();
};

template <class T>
struct is_field_scalar
    : std::bool_constant<std::is_arithmetic_v<T> || described_enum<T> || std::is_same_v<T, std::string> ||
                         std::is_same_v<T, uuid> || std::is_same_v<T, instant> || std::is_same_v<T, local_date> ||
                         std::is_base_of_v<string_value, T>> {};
template <class T, T Min, T Max>
struct is_field_scalar<bounded<T, Min, Max>> : std::true_type {};
template <class T>
struct is_field_list : is_field_scalar<T> {};
template <class T>
struct is_field_list<std::vector<T>> : is_field_scalar<T> {};
template <class T, std::size_t Min, std::size_t Max>
struct is_field_list<list<T, Min, Max>> : is_field_scalar<T> {};
template <class T>
struct is_field : is_field_list<T> {};
template <class T>
struct is_field<std::optional<T>> : is_field_list<T> {};

template <class T>
constexpr bool readable_from_fields() {
  return []<template <class...> class List, class... D>(List<D...>) {
    return (is_field<typename member_of<T, D>::type>::value && ...);
  }(members_of<T>{});
}

}  // namespace detail

/// The shape of a supported type.
template <class T>
constexpr const shape& shape_of() noexcept {
  return detail::describer<T>::value;
}

/// The shape of a described struct.
template <class T>
constexpr const object_shape& object_shape_of() noexcept {
  static_assert(detail::described_struct<T>, "describe it with BOOST_DESCRIBE_STRUCT");
  return detail::describer<T>::value;
}

/// The type a member pointer leads to.
template <auto Member>
using member_type = typename detail::pointed_to<Member>::type;

/// Whether a filter may name this member path.
template <auto... Members>
inline constexpr bool is_filterable = !(detail::is_sealed<member_type<Members>>::value || ...);

/// The stored path of a member, also nested: `path_of<&user::address, &address::city>` is "address.city". Leads through
/// optionals and lists. Refuses `encrypted` members: what is sealed cannot be found by value.
template <auto... Members>
constexpr std::string_view path_of() noexcept {
  static_assert(is_filterable<Members...>,
                "an encrypted member cannot be used in a filter; updates use stored_path_of");
  return detail::joined<'.', false, Members...>::text.view();
}

/// As `path_of`, for updates: also of `encrypted` members.
template <auto... Members>
constexpr std::string_view stored_path_of() noexcept {
  return detail::joined<'.', false, Members...>::text.view();
}

/// The JSON pointer of a member below its struct: "/address/city". For `problems::add_at` in a struct's `check`.
template <auto... Members>
constexpr std::string_view pointer_of() noexcept {
  return detail::joined<'/', true, Members...>::text.view();
}

}  // namespace nxg::schema
