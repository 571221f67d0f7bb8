#pragma once

#include "schema/reflection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nxg::schema {

/// A file of a form (`multipart/form-data`): its octets, with what its sender says of it and nobody has checked.
/// Only for forms: the JSON Schema says `format: binary`.
class file : public string_value {
 public:
  file() = default;
  file(std::string name, std::string content_type, std::string content) noexcept
      : string_value{std::move(content)}, name_{std::move(name)}, content_type_{std::move(content_type)} {}
  [[nodiscard]] const std::string& content() const& noexcept { return value_; }
  [[nodiscard]] std::string content() && noexcept { return std::move(value_); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& content_type() const noexcept { return content_type_; }

 private:
  std::string name_;
  std::string content_type_;
};

namespace detail {

template <>
struct describer<file> {
  static constexpr string_shape value{{kind::string}, 0, unlimited, "binary", "", "", nullptr};
};

template <class T>
inline constexpr bool is_file = std::is_same_v<T, file> || std::is_same_v<T, std::optional<file>>;

/// Calls `visit(key, member)` for every member of `of` that is a file, or may be one.
template <class T, class Visit>
void for_each_file(T& of, Visit visit) {
  [&]<template <class...> class List, class... D>(List<D...>) {
    const auto look = [&]<class One>(One) {
      if constexpr (is_file<typename member_of<T, One>::type>) visit(key_of<One>::key, of.*One::pointer);
    };
    (look(D{}), ...);
  }(members_of<T>{});
}

}  // namespace detail

}  // namespace nxg::schema
