#pragma once

#include "runtime/uuid.hpp"
#include "schema/shape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What all readers and writers do with single values. Private to the library.
namespace nxg::schema::detail {

[[nodiscard]] std::int64_t load_integer(const void* storage, std::uint8_t size, bool is_signed) noexcept;
/// The value fits: see the shape's bounds.
void store_integer(void* storage, std::uint8_t size, std::int64_t value) noexcept;
[[nodiscard]] double load_number(const void* storage, std::uint8_t size) noexcept;
void store_number(void* storage, std::uint8_t size, double value) noexcept;

/// Shortest decimal that reads back the same.
[[nodiscard]] std::string spelled_number(double value);

/// Throws `unwritable` beyond +-2^53, or for an enum that is none of its enumerators.
[[nodiscard]] std::int64_t writable_integer(const integer_shape& what, const void* storage);
/// Throws `unwritable` for NaN and infinity.
[[nodiscard]] double writable_number(const number_shape& what, const void* storage);
[[nodiscard]] std::string_view writable_enumerator(const enum_shape& what, const void* storage);

void check_size(std::size_t size, std::size_t min, std::size_t max, problems& found);
void check_length(std::string_view text, std::size_t min, std::size_t max, problems& found);

/// A decimal number as JSON spells it.
struct number_token {
  std::string_view text;
  bool whole;  ///< neither fraction nor exponent
};

/// Whether constraints are checked (what comes from outside) or not (what a store gives back).
enum class strictness : std::uint8_t { checked, tolerant };

/// These read a value into its storage; a misfit is reported and leaves the storage as it is (or, for text, is kept).
void read_integer(const integer_shape& what, void* storage, const number_token& token, problems& found);
void read_integer(const integer_shape& what, void* storage, std::int64_t value, strictness how, problems& found);
void read_number(const number_shape& what, void* storage, const number_token& token, problems& found);
void read_number(const number_shape& what, void* storage, double value, strictness how, problems& found);
/// For the kinds that are spelled as strings: string, id, time, date, binary, enumeration. `text` is UTF-8.
void read_text(const shape& what, void* storage, std::string_view text, strictness how, problems& found);

/// Infinite where the number is too large for a double; 0 where too small.
[[nodiscard]] double to_double(const number_token& token) noexcept;

/// "must be a number", ...: for a JSON value of another type.
[[nodiscard]] std::string_view expected_type(const shape& what) noexcept;

}  // namespace nxg::schema::detail
