#pragma once

#include <boost/describe/class.hpp>

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::schema {

/// Stable codes of what can be wrong with input. A struct's own rules (`check`) may use further codes.
namespace codes {
inline constexpr std::string_view syntax = "syntax";      ///< no JSON; alone in its list
inline constexpr std::string_view bad_utf8 = "bad_utf8";  ///< bytes or escapes that are no Unicode; alone in its list
inline constexpr std::string_view too_deep = "too_deep";  ///< nested deeper than `max_depth`; alone in its list
inline constexpr std::string_view required = "required";  ///< absent or null
inline constexpr std::string_view unknown_field = "unknown_field";  ///< not a field of this object or request
inline constexpr std::string_view duplicate_key = "duplicate_key";  ///< given more than once
inline constexpr std::string_view wrong_type = "wrong_type";        ///< another JSON type than expected
inline constexpr std::string_view too_small = "too_small";          ///< number below the least allowed
inline constexpr std::string_view too_large = "too_large";    ///< number above the most allowed, or not representable
inline constexpr std::string_view too_short = "too_short";    ///< text or list with too few
inline constexpr std::string_view too_long = "too_long";      ///< text or list with too many
inline constexpr std::string_view bad_format = "bad_format";  ///< right type, wrong form (uuid, e-mail, time, ...)
inline constexpr std::string_view not_one_of = "not_one_of";  ///< no value of the enumeration
}  // namespace codes

/// One thing wrong with an input. `pointer` is a JSON pointer (RFC 6901), "" for the whole.
struct problem {
  std::string pointer;
  std::string code;
  std::string message;

  friend bool operator==(const problem&, const problem&) = default;
};
BOOST_DESCRIBE_STRUCT(problem, (), (pointer, code, message))

/// Everything wrong with an input, at most `problems::limit` of them. An HTTP layer answers 400 with `list()`.
class invalid : public std::runtime_error {
 public:
  /// `list` must not be empty.
  explicit invalid(std::vector<problem> list);
  /// One problem with the whole value.
  invalid(std::string_view code, std::string message);

  [[nodiscard]] const std::vector<problem>& list() const noexcept { return list_; }

 private:
  std::vector<problem> list_;
};

/// Thrown by writers for a value that JSON and stores cannot carry: NaN, infinity, an integer beyond 2^53, a time
/// outside years 0 to 9999, an enum that is none of its enumerators; in stores also text that is not UTF-8. A defect of
/// the program, never of its input.
class unwritable : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {

/// Where a reader is, as a chain on its stack: a pointer is only spelled when there is something to report.
struct place {
  static constexpr std::size_t no_index = std::numeric_limits<std::size_t>::max();
  const place* parent = nullptr;
  std::string_view key{};
  std::size_t index = no_index;
};

std::string pointer_to(const place* here);

}  // namespace detail

/// Collects problems while a value is read.
class problems {
 public:
  /// What comes after that many is dropped: an answer must not grow with the attacker's patience.
  static constexpr std::size_t limit = 100;

  /// A problem with the value being read.
  void add(std::string_view code, std::string message) { add_at("", code, std::move(message)); }
  /// A problem below the value being read; `below` is a JSON pointer relative to it, as `pointer_of<&T::member>`.
  /// A rule (`check`) names in `also` the other members it judged by: what it finds is left out where one of them, or
  /// what is at `below`, could not be read.
  void add_at(std::string_view below, std::string_view code, std::string message,
              std::initializer_list<std::string_view> also = {});

  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
  [[nodiscard]] bool full() const noexcept { return list_.size() >= limit; }
  [[nodiscard]] const std::vector<problem>& list() const noexcept { return list_; }
  [[nodiscard]] std::vector<problem> take() noexcept { return std::move(list_); }

  /// For readers: the place later problems belong to.
  void stand_at(const detail::place* here) noexcept { here_ = here; }
  /// For readers: between the two a rule speaks. Whatever has a problem from the `first` on it has not seen.
  void begin_rule(std::size_t first) noexcept {
    unread_from_ = first;
    unread_to_ = size();
  }
  void end_rule() noexcept { unread_from_ = unread_to_ = 0; }
  /// For readers: forgets what was found; text that is no JSON has that one problem only.
  void replace_all(std::string_view code, std::string message);

 private:
  [[nodiscard]] bool is_unread(std::string_view pointer) const;

  const detail::place* here_ = nullptr;
  std::vector<problem> list_;
  std::size_t unread_from_ = 0;
  std::size_t unread_to_ = 0;
};

}  // namespace nxg::schema
