#pragma once

#include "schema/reflection.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Typed reading of what comes as name and text: query parameters, path parameters, headers, parts of forms.
namespace nxg::schema {

/// Already percent-decoded.
struct field_text {
  std::string_view name;
  std::string_view value;
};

enum class field_source : std::uint8_t {
  query,   ///< names are camelCase keys; unknown ones are refused
  path,    ///< the same
  header,  ///< `if_match` reads `If-Match`, whatever the case; headers the struct does not have are ignored
  form,    ///< as query, but pointers are those of a body: /notes
};

namespace detail {
std::vector<problem> read_fields(std::span<const field_text> given, field_source source, const object_shape& what,
                                 void* storage);
}

/// The name of a member as a header: `idempotency_key` -> "Idempotency-Key".
[[nodiscard]] std::string header_name(const field& member);

/// Reads scalars (numbers, text types, enums, bool as true|false, uuid, instant, date), optionals of them, and lists of
/// them (comma-separated; an empty text is an empty list). A name given twice is refused. Pointers are /query/limit,
/// /path/id, /header/If-Match. Returns everything wrong; empty: all is well. A struct with other members does not
/// compile.
template <class T>
[[nodiscard]] std::vector<problem> read_fields(std::span<const field_text> given, T& into,
                                               field_source source = field_source::query) {
  static_assert(detail::readable_from_fields<T>(),
                "members of a fields struct are scalars, optionals or lists of scalars");
  return detail::read_fields(given, source, object_shape_of<T>(), detail::storage_of(into));
}

/// Throws `invalid` with everything wrong.
template <class T>
[[nodiscard]] T from_fields(std::span<const field_text> given, field_source source = field_source::query) {
  T value{};
  if (auto wrong = read_fields(given, value, source); !wrong.empty()) throw invalid{std::move(wrong)};
  return value;
}

}  // namespace nxg::schema
