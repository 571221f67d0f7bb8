#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/problems.hpp"
#include "schema/text.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <algorithm>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Types that carry their constraints. Reading a body checks them, and the JSON Schema tells them.
/// Made in code from a value outside its bounds they throw `invalid`. A default-made one is empty (or zero, or the
/// bound nearest to it): it is for filling in and may lie outside its own bounds. Reading from a store does not check
/// them again.
///
/// What a described struct may say about itself, as static members:
///   static constexpr std::string_view optional_fields[] = {"limit"};       // absent: the default member initialiser
///   stays static constexpr schema::note descriptions[] = {{"limit", "At most so many"}}; static constexpr
///   std::string_view description = "..."; static constexpr std::string_view schema_name = "...";                 // of
///   the component in OpenAPI static void check(const T&, schema::problems&);                        // a rule over
///   several fields
/// The names in them are those of the members in C++; a wrong one does not compile. Every other field is required in
/// input unless it is a std::optional. `check` runs whatever is wrong with single fields, so that all of it is told at
/// once: it may meet values that were not read, and names in `problems::add_at` the fields its findings depend on.
/// Define it after the description, where `pointer_of<&T::member>()` works.
namespace nxg::schema {

/// A described member; see above.
struct note {
  std::string_view name;
  std::string_view text;
};

/// A calendar date; "2026-02-28" on the wire and in stores.
using local_date = std::chrono::year_month_day;

/// What the text types share. Reads as a std::string or std::string_view.
class string_value {
 public:
  [[nodiscard]] const std::string& value() const noexcept { return value_; }
  operator const std::string&() const noexcept { return value_; }
  operator std::string_view() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const string_value& a, const string_value& b) noexcept { return a.value_ == b.value_; }
  friend auto operator<=>(const string_value& a, const string_value& b) noexcept { return a.value_ <=> b.value_; }
  template <class S>
    requires(std::convertible_to<const S&, std::string_view> && !std::derived_from<S, string_value>)
  friend bool operator==(const string_value& a, const S& b) noexcept {
    return a.value_ == std::string_view{b};
  }

 protected:
  string_value() = default;
  explicit string_value(std::string value) noexcept : value_{std::move(value)} {}
  friend struct raw_access;
  std::string value_;
};

namespace detail {
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class S, class Self>
concept text_source = std::convertible_to<S&&, std::string_view> && !std::derived_from<std::remove_cvref_t<S>, Self>;
[[noreturn]] void throw_out_of_bounds(bool below, std::int64_t min, std::int64_t max);
[[noreturn]] void throw_out_of_bounds(bool below, double min, double max);
void require_size(std::size_t size, std::size_t min, std::size_t max);
void require_length(std::string_view text, std::size_t min, std::size_t max);
[[noreturn]] void throw_bad_format(std::string_view expectation);
}  // namespace detail

/// UTF-8 text of Min to Max code points.
template <std::size_t Min, std::size_t Max>
class text : public string_value {
 public:
  static_assert(Min <= Max);
  text() = default;
  template <class S>
    requires detail::text_source<S, text>
  text(S&& value) : string_value{std::string{std::string_view{value}}} {
    detail::require_length(value_, Min, Max);
  }
};

/// Text of a form of its own. `Rule` is a struct with
///   static constexpr std::size_t min_length, max_length;       // code points
///   static constexpr std::string_view format or "";            // JSON Schema format
///   static constexpr std::string_view pattern or "";           // JSON Schema pattern (told, not run)
///   static constexpr std::string_view expectation;             // "must be ..."
///   static bool accept(std::string&);                          // may bring it to its normal form
template <class Rule>
class formatted : public string_value {
 public:
  formatted() = default;
  template <class S>
    requires detail::text_source<S, formatted>
  formatted(S&& value) : string_value{std::string{std::string_view{value}}} {
    detail::require_length(value_, Rule::min_length, Rule::max_length);
    if (!Rule::accept(value_)) detail::throw_bad_format(Rule::expectation);
  }
};

struct email_rule {
  // What is too short for an address is told to be none.
  static constexpr std::size_t min_length = 0;
  static constexpr std::size_t max_length = 254;
  static constexpr std::string_view format = "email";
  static constexpr std::string_view pattern = "";
  static constexpr std::string_view expectation = "must be an e-mail address";
  static bool accept(std::string& text);
};
/// An e-mail address, lower-cased. ASCII, one `@`, a dotted host name; whether it exists, only a mail can tell.
using email = formatted<email_rule>;

/// So many hexadecimal digits, brought to lower case.
template <std::size_t Digits>
struct hex_rule {
  static constexpr std::size_t min_length = Digits;
  static constexpr std::size_t max_length = Digits;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "^[0-9a-fA-F]*$";
  static constexpr std::string_view expectation = "must be hexadecimal digits";
  static bool accept(std::string& text) { return detail::lower_hex(text); }
};
template <std::size_t Digits>
using hex = formatted<hex_rule<Digits>>;

/// An integer or floating-point number in [Min, Max].
template <class T, T Min, T Max>
class bounded {
 public:
  static_assert(Min <= Max);
  constexpr bounded() = default;
  constexpr bounded(T value) : value_{value} {
    if (!(value >= Min && value <= Max)) {
      if constexpr (std::integral<T>) {
        detail::throw_out_of_bounds(value < Min, static_cast<std::int64_t>(Min), static_cast<std::int64_t>(Max));
      } else {
        detail::throw_out_of_bounds(value < Min, static_cast<double>(Min), static_cast<double>(Max));
      }
    }
  }
  [[nodiscard]] constexpr T value() const noexcept { return value_; }
  constexpr operator T() const noexcept { return value_; }
  static constexpr T min = Min;
  static constexpr T max = Max;

 private:
  friend struct raw_access;
  T value_ = std::clamp(T{}, Min, Max);
};

/// Min to Max elements. Reads as a std::vector.
template <class T, std::size_t Min, std::size_t Max>
class list {
 public:
  static_assert(Min <= Max);
  using value_type = T;
  list() = default;
  list(std::vector<T> values) : values_{std::move(values)} { detail::require_size(values_.size(), Min, Max); }
  list(std::initializer_list<T> values) : list{std::vector<T>{values}} {}

  [[nodiscard]] const std::vector<T>& value() const& noexcept { return values_; }
  /// Moves the elements out of a list that is at its end.
  [[nodiscard]] std::vector<T> value() && noexcept { return std::move(values_); }
  operator const std::vector<T>&() const noexcept { return values_; }
  [[nodiscard]] auto begin() const noexcept { return values_.begin(); }
  [[nodiscard]] auto end() const noexcept { return values_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return values_[i]; }
  friend bool operator==(const list&, const list&) = default;

 private:
  friend struct raw_access;
  std::vector<T> values_;
};

/// Octets: base64url without padding on the wire, binary in stores.
class bytes {
 public:
  bytes() = default;
  explicit bytes(std::string octets) noexcept : value_{std::move(octets)} {}
  [[nodiscard]] const std::string& value() const noexcept { return value_; }
  operator const std::string&() const noexcept { return value_; }
  friend auto operator<=>(const bytes&, const bytes&) = default;

 private:
  friend struct raw_access;
  std::string value_;
};

/// Any JSON value, kept as its text (checked: syntax, UTF-8, depth). Stored as text. "null" when default-made.
/// As a member it is required; where it may be absent use std::optional<any_json>.
class any_json {
 public:
  any_json() : value_{"null"} {}
  /// Throws `invalid` when `text` is no JSON.
  explicit any_json(std::string text);
  [[nodiscard]] const std::string& value() const noexcept { return value_; }
  friend bool operator==(const any_json&, const any_json&) = default;

 private:
  friend struct raw_access;
  std::string value_;
};

/// A value that is plain in memory and on the wire, and sealed by a `cipher` in stores. It cannot be used in a filter,
/// and `path_of` refuses it.
template <class T>
class encrypted {
 public:
  static_assert(!detail::is_optional<T>, "seal what there is: std::optional<encrypted<T>>");
  encrypted() = default;
  encrypted(T value) : value_{std::move(value)} {}
  [[nodiscard]] const T& value() const noexcept { return value_; }
  operator const T&() const noexcept { return value_; }
  [[nodiscard]] const T* operator->() const noexcept { return &value_; }
  friend bool operator==(const encrypted&, const encrypted&) = default;
  friend bool operator==(const encrypted& a, const T& b) { return a.value_ == b; }

 private:
  friend struct raw_access;
  T value_{};
};

/// For the library: the storage behind these types, past their constraints.
struct raw_access {
  static std::string& of(string_value& self) noexcept { return self.value_; }
  static std::string& of(bytes& self) noexcept { return self.value_; }
  static std::string& of(any_json& self) noexcept { return self.value_; }
  template <class T, T Min, T Max>
  static T& of(bounded<T, Min, Max>& self) noexcept {
    return self.value_;
  }
  template <class T, std::size_t Min, std::size_t Max>
  static std::vector<T>& of(list<T, Min, Max>& self) noexcept {
    return self.values_;
  }
  template <class T>
  static T& of(encrypted<T>& self) noexcept {
    return self.value_;
  }
};

}  // namespace nxg::schema

template <std::size_t Min, std::size_t Max>
struct std::hash<nxg::schema::text<Min, Max>> : std::hash<std::string_view> {};
template <class Rule>
struct std::hash<nxg::schema::formatted<Rule>> : std::hash<std::string_view> {};
