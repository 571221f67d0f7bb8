#pragma once

#include "schema/problems.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

/// Shapes: constant tables that say how a type looks, made once per type at compile time by `reflection.hpp`.
/// Readers, writers and the JSON Schema are ordinary functions that walk them, compiled once, so a described
/// struct costs its users a table and nothing else.
///
/// `void*` in these tables is always the storage of the shape's kind (`std::string` for `string`, the integer itself
/// for `integer`, ...), see each shape. Functions that only read take it non-const too and do not write.
namespace nxg::schema {

enum class kind : std::uint8_t {
  boolean,
  integer,
  number,
  string,
  id,
  time,
  date,
  binary,
  raw_json,
  enumeration,
  optional,
  list,
  map,
  object,
  sealed
};

struct shape {
  kind what;
};

/// Storage: the integer of `size` bytes.
struct integer_shape : shape {
  std::uint8_t size;
  bool is_signed;
  bool is_bounded;  ///< narrower than its type by declaration
  std::int64_t min;
  std::int64_t max;
};

/// Storage: `float` or `double`, by `size`.
struct number_shape : shape {
  std::uint8_t size;
  double min;  ///< -infinity: no bound but finiteness
  double max;
};

/// Storage: `std::string`, UTF-8.
struct string_shape : shape {
  std::size_t min_length;  ///< code points
  std::size_t max_length;
  std::string_view format;       ///< JSON Schema `format`, may be empty
  std::string_view pattern;      ///< JSON Schema `pattern` (ECMA 262), may be empty; told, not run: `accept` decides
  std::string_view expectation;  ///< message when `accept` says no: "must be ..."
  bool (*accept)(std::string&);  ///< may bring the text to its normal form; null: any
};

struct enumerator {
  std::string_view name;
  std::int64_t value;
};

/// Storage: the enum's underlying integer of `size` bytes.
struct enum_shape : shape {
  std::uint8_t size;
  bool is_signed;
  std::string_view type_name;
  std::span<const enumerator> values;
};

/// Storage: `std::optional<U>`.
struct optional_shape : shape {
  const shape* value;
  void* (*get)(void*);      ///< storage of the value, null when there is none
  void* (*emplace)(void*);  ///< a default value, its storage
  void (*reset)(void*);
};

/// Storage: `std::vector<U>`.
struct list_shape : shape {
  const shape* element;
  std::size_t min_size;
  std::size_t max_size;
  std::size_t (*size)(void*);
  void* (*at)(void*, std::size_t);
  void* (*append)(void*);  ///< storage of a new, default element
  void (*clear)(void*);
};

/// Storage: `std::map<std::string, U>`.
struct map_shape : shape {
  using visitor = void (*)(void* context, const std::string& key, void* value);
  const shape* value;
  void* (*insert)(void*, std::string&& key);  ///< null when there is such a key already
  void (*each)(void*, void* context, visitor);
  void (*clear)(void*);
};

/// Storage: `encrypted<U>`'s value, so that of U.
struct sealed_shape : shape {
  const shape* value;
};

struct field {
  std::string_view name;    ///< as in C++
  std::string_view key;     ///< as on the wire and in stores
  std::string_view prefix;  ///< `,"key":`, ready to be written
  std::string_view note;    ///< description, may be empty
  const shape* value;
  void* (*access)(void*);  ///< struct -> storage of the member
  bool required;           ///< in input
};

/// Storage: the struct.
struct object_shape : shape {
  using visitor = void (*)(void* context, void* object);
  std::string_view type_name;  ///< as the compiler spells it, or the struct's `schema_name`
  std::string_view note;       ///< description, may be empty
  std::span<const field> fields;
  void (*check)(const void*, problems&);         ///< the struct's own rule, may be null
  void (*with_default)(void* context, visitor);  ///< calls with a default-made struct, for its default values
};

inline constexpr std::int64_t max_integer = std::int64_t{1}
                                            << 53;  ///< integers on the wire and in stores lie in [-2^53, 2^53]
inline constexpr std::size_t max_fields = 128;      ///< of one struct
inline constexpr std::size_t max_depth = 32;        ///< of nested objects and arrays in JSON
inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

}  // namespace nxg::schema
