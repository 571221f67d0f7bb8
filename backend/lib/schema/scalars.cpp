#include "schema/scalars.hpp"

#include "schema/text.hpp"
#include "schema/types.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace nxg::schema::detail {

namespace {

template <class T>
std::int64_t load_as(const void* storage) noexcept {
  T value;
  std::memcpy(&value, storage, sizeof value);
  return static_cast<std::int64_t>(value);
}

template <class T>
void store_as(void* storage, std::int64_t value) noexcept {
  const auto narrow = static_cast<T>(value);
  std::memcpy(storage, &narrow, sizeof narrow);
}

/// Position of the first digit that counts, as a power of ten: what decides whether a number is too large or too small
/// to hold. Exponents beyond what 64 bits hold are cut, which changes nothing.
std::int64_t magnitude_of(std::string_view text) noexcept {
  const auto mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    auto digits = text.substr(mark + 1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{})
      exponent = std::int64_t{1} << 60;
    if (negative) exponent = -exponent;
  }
  auto mantissa = text.substr(0, mark);
  if (mantissa.starts_with('-')) mantissa.remove_prefix(1);
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = mantissa.find_first_not_of("0.");
  if (first == std::string_view::npos) return std::numeric_limits<std::int64_t>::min();
  return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
}

bool is_whole(double value) noexcept { return std::isfinite(value) && value == std::trunc(value); }

void read_string(const string_shape& what, std::string& storage, std::string_view text, strictness how,
                 problems& found) {
  if (how == strictness::tolerant) {
    storage = text;
    return;
  }
  if (text.find('\0') != std::string_view::npos) return found.add(codes::bad_format, "must not hold a NUL character");
  const auto before = found.size();
  check_length(text, what.min_length, what.max_length, found);
  if (found.size() != before || found.full()) return;
  storage = text;
  if (what.accept != nullptr && !what.accept(storage)) found.add(codes::bad_format, std::string{what.expectation});
}

void read_enumerator(const enum_shape& what, void* storage, std::string_view text, strictness how, problems& found) {
  for (const auto& [name, value] : what.values) {
    if (name == text) return store_integer(storage, what.size, value);
  }
  if (how == strictness::tolerant) {
    for (const auto& [name, value] : what.values) {
      if (name == "unknown") return store_integer(storage, what.size, value);
    }
  }
  std::string message = "must be one of ";
  for (std::size_t i = 0; i < what.values.size(); ++i) {
    if (i > 0) message += ", ";
    message += what.values[i].name;
  }
  found.add(codes::not_one_of, std::move(message));
}

template <class T>
void put(void* storage, const std::optional<T>& value, std::string_view expectation, problems& found) {
  if (value) {
    *static_cast<T*>(storage) = *value;
  } else {
    found.add(codes::bad_format, std::string{expectation});
  }
}

}  // namespace

std::int64_t load_integer(const void* storage, std::uint8_t size, bool is_signed) noexcept {
  switch (size) {
    case 1: return is_signed ? load_as<std::int8_t>(storage) : load_as<std::uint8_t>(storage);
    case 2: return is_signed ? load_as<std::int16_t>(storage) : load_as<std::uint16_t>(storage);
    case 4: return is_signed ? load_as<std::int32_t>(storage) : load_as<std::uint32_t>(storage);
    default: return load_as<std::int64_t>(storage);
  }
}

void store_integer(void* storage, std::uint8_t size, std::int64_t value) noexcept {
  switch (size) {
    case 1: return store_as<std::uint8_t>(storage, value);
    case 2: return store_as<std::uint16_t>(storage, value);
    case 4: return store_as<std::uint32_t>(storage, value);
    default: return store_as<std::uint64_t>(storage, value);
  }
}

double load_number(const void* storage, std::uint8_t size) noexcept {
  return size == sizeof(float) ? double{*static_cast<const float*>(storage)} : *static_cast<const double*>(storage);
}

void store_number(void* storage, std::uint8_t size, double value) noexcept {
  if (size == sizeof(float)) {
    *static_cast<float*>(storage) = static_cast<float>(value);
  } else {
    *static_cast<double*>(storage) = value;
  }
}

std::string spelled_number(double value) {
  std::array<char, 32> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), done.ptr};
}

std::int64_t writable_integer(const integer_shape& what, const void* storage) {
  const auto value = load_integer(storage, what.size, what.is_signed);
  // A uint64_t from 2^63 on reads as negative here.
  if (value > max_integer || value < (what.is_signed ? -max_integer : 0)) throw unwritable{"an integer beyond 2^53"};
  return value;
}

double writable_number(const number_shape& what, const void* storage) {
  const double value = load_number(storage, what.size);
  if (!std::isfinite(value)) throw unwritable{"a number that is not finite"};
  return value;
}

std::string_view writable_enumerator(const enum_shape& what, const void* storage) {
  const auto value = load_integer(storage, what.size, what.is_signed);
  // Most enums count from 0 in order.
  if (const auto guess = static_cast<std::uint64_t>(value);
      guess < what.values.size() && what.values[guess].value == value) {
    return what.values[guess].name;
  }
  for (const auto& [name, candidate] : what.values) {
    if (candidate == value) return name;
  }
  throw unwritable{"a value of " + std::string{what.type_name} + " that is none of its enumerators"};
}

void check_size(std::size_t size, std::size_t min, std::size_t max, problems& found) {
  if (size < min) {
    found.add(codes::too_short, "must have at least " + std::to_string(min) + (min == 1 ? " element" : " elements"));
  } else if (size > max) {
    found.add(codes::too_long, "must have at most " + std::to_string(max) + (max == 1 ? " element" : " elements"));
  }
}

void check_length(std::string_view text, std::size_t min, std::size_t max, problems& found) {
  if (text.size() <= max && min == 0) return;  // no fewer bytes than code points
  const auto length = count_code_points(text);
  if (length < min) {
    found.add(codes::too_short,
              "must have at least " + std::to_string(min) + (min == 1 ? " character" : " characters"));
  } else if (length > max) {
    found.add(codes::too_long, "must have at most " + std::to_string(max) + (max == 1 ? " character" : " characters"));
  }
}

double to_double(const number_token& token) noexcept {
  double value = 0;
  const auto done = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
  if (done.ec == std::errc{}) return value;
  const double sign = token.text.starts_with('-') ? -1 : 1;
  return magnitude_of(token.text) > 0 ? sign * std::numeric_limits<double>::infinity() : sign * 0.0;
}

void read_integer(const integer_shape& what, void* storage, const number_token& token, problems& found) {
  std::int64_t value = 0;
  if (token.whole &&
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), value).ec == std::errc{}) {
    return read_integer(what, storage, value, strictness::checked, found);
  }
  // 5.0 and 5e0 are the integer 5 (JSON Schema); what 64 bits cannot hold is beyond any bound.
  const double number = to_double(token);
  if (number >= -static_cast<double>(max_integer) && number <= static_cast<double>(max_integer)) {
    if (!is_whole(number)) return found.add(codes::wrong_type, "must be a whole number");
    return read_integer(what, storage, static_cast<std::int64_t>(number), strictness::checked, found);
  }
  read_integer(what, storage,
               number < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max(),
               strictness::checked, found);
}

void read_integer(const integer_shape& what, void* storage, std::int64_t value, strictness how, problems& found) {
  auto [min, max] = std::pair{what.min, what.max};
  if (how == strictness::tolerant && what.size < 8) {  // what the type itself holds
    const auto bits = 8 * what.size - (what.is_signed ? 1 : 0);
    max = (std::int64_t{1} << bits) - 1;
    min = what.is_signed ? -max - 1 : 0;
  } else if (how == strictness::tolerant) {
    max = max_integer;
    min = what.is_signed ? -max_integer : 0;
  }
  if (value < min) return found.add(codes::too_small, "must be at least " + std::to_string(min));
  if (value > max) return found.add(codes::too_large, "must be at most " + std::to_string(max));
  store_integer(storage, what.size, value);
}

void read_number(const number_shape& what, void* storage, const number_token& token, problems& found) {
  read_number(what, storage, to_double(token), strictness::checked, found);
}

void read_number(const number_shape& what, void* storage, double value, strictness how, problems& found) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double largest =
      what.size == sizeof(float) ? double{std::numeric_limits<float>::max()} : std::numeric_limits<double>::max();
  if (std::isnan(value)) return found.add(codes::wrong_type, "must be a number");
  const double min = how == strictness::checked ? what.min : -infinity;
  const double max = how == strictness::checked ? what.max : infinity;
  if (value < min) return found.add(codes::too_small, "must be at least " + spelled_number(min));
  if (value > max) return found.add(codes::too_large, "must be at most " + spelled_number(max));
  if (value < -largest) return found.add(codes::too_small, "must be at least " + spelled_number(-largest));
  if (value > largest) return found.add(codes::too_large, "must be at most " + spelled_number(largest));
  store_number(storage, what.size, value);
}

void read_text(const shape& what, void* storage, std::string_view text, strictness how, problems& found) {
  switch (what.what) {
    case kind::string:
      return read_string(static_cast<const string_shape&>(what), *static_cast<std::string*>(storage), text, how, found);
    case kind::id: return put(storage, uuid::parse(text), "must be a UUID", found);
    case kind::time: return put(storage, parse_rfc3339(text), "must be a time as in 2026-02-28T09:30:00.000Z", found);
    case kind::date: return put(storage, parse_iso_date(text), "must be a date as in 2026-02-28", found);
    case kind::binary: return put(storage, parse_base64url(text), "must be base64url without padding", found);
    case kind::enumeration: return read_enumerator(static_cast<const enum_shape&>(what), storage, text, how, found);
    case kind::boolean:
    case kind::integer:
    case kind::number:
    case kind::raw_json:
    case kind::optional:
    case kind::list:
    case kind::map:
    case kind::object:
    case kind::sealed: break;
  }
  throw std::logic_error{"not spelled as a string"};
}

std::string_view expected_type(const shape& what) noexcept {
  switch (what.what) {
    case kind::boolean: return "must be true or false";
    case kind::integer: return "must be a whole number";
    case kind::number: return "must be a number";
    case kind::string:
    case kind::id:
    case kind::time:
    case kind::date:
    case kind::binary:
    case kind::enumeration: return "must be a string";
    case kind::list: return "must be an array";
    case kind::map:
    case kind::object: return "must be an object";
    case kind::optional: return expected_type(*static_cast<const optional_shape&>(what).value);
    case kind::sealed: return expected_type(*static_cast<const sealed_shape&>(what).value);
    case kind::raw_json: break;
  }
  return "must be JSON";
}

}  // namespace nxg::schema::detail
