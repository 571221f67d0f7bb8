#pragma once

#include "schema/reflection.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// Described types to and from JSON text. Members are camelCase, enumerators keep their names; a trailing underscore
/// (for words C++ reserves) is dropped in both. Instants are RFC 3339 UTC with milliseconds, bytes base64url.
namespace nxg::schema {

/// What to do with fields a struct does not have: refuse in what clients send us, ignore in what outside services
/// answer.
enum class unknown : std::uint8_t { refused, ignored };

namespace detail {
void append_json(std::string& out, const shape& what, const void* storage);
std::vector<problem> read_json(std::string_view text, const shape& what, void* storage, unknown policy);
}  // namespace detail

/// Appends the JSON text of `value`. Empty optionals are left out of objects. Numbers are the shortest that read back
/// the same. Text that is not UTF-8 is written with U+FFFD in place of what is wrong. Throws `unwritable` (`out` then
/// holds a part).
template <class T>
void append_json(std::string& out, const T& value) {
  detail::append_json(out, shape_of<T>(), detail::storage_of(value));
}

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

/// Appends `text` as a JSON string, quotes included; U+FFFD in place of what is not UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Reads `text` into `into` and returns everything wrong with it, at most `problems::limit`; empty: all is well.
/// Every field that is right is filled in, also when others are wrong.
template <class T>
[[nodiscard]] std::vector<problem> read_json(std::string_view text, T& into, unknown policy = unknown::refused) {
  return detail::read_json(text, shape_of<T>(), detail::storage_of(into), policy);
}

/// Throws `invalid` with everything wrong.
template <class T>
[[nodiscard]] T from_json(std::string_view text, unknown policy = unknown::refused) {
  T value{};
  if (auto wrong = read_json(text, value, policy); !wrong.empty()) throw invalid{std::move(wrong)};
  return value;
}

/// For paths where bad input is usual and a throw too dear.
template <class T>
[[nodiscard]] std::expected<T, std::vector<problem>> try_from_json(std::string_view text,
                                                                   unknown policy = unknown::refused) {
  T value{};
  if (auto wrong = read_json(text, value, policy); !wrong.empty()) return std::unexpected{std::move(wrong)};
  return value;
}

}  // namespace nxg::schema
