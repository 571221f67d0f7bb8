#include "schema/problems.hpp"
#include "schema/text.hpp"

#include <array>
#include <cstring>

namespace nxg::schema {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// Reads fixed-width decimal fields from the front of a text; after a miss every further read misses.
class cursor {
 public:
  explicit cursor(std::string_view text) noexcept : rest_{text} {}

  int digits(std::size_t width) noexcept {
    if (rest_.size() < width) return fail();
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  void expect(char c) noexcept {
    if (!rest_.starts_with(c)) {
      fail();
      return;
    }
    rest_.remove_prefix(1);
  }

  /// The next character if it is one of those, else 0.
  char take_any(std::string_view of) noexcept {
    if (failed_ || rest_.empty() || of.find(rest_.front()) == std::string_view::npos) return 0;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  /// One to nine digits of a second, as whole milliseconds.
  int fraction() noexcept {
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count) {
      if (count < 3) value = value * 10 + (rest_[count] - '0');
    }
    if (count == 0 || count > 9) return fail();
    for (std::size_t i = count; i < 3; ++i) value *= 10;
    rest_.remove_prefix(count);
    return value;
  }

  [[nodiscard]] bool done() const noexcept { return !failed_ && rest_.empty(); }
  int fail() noexcept {
    failed_ = true;
    rest_ = {};
    return 0;
  }

 private:
  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
  std::string_view rest_;
  bool failed_ = false;
};

year_month_day read_date(cursor& from) noexcept {
  const int year = from.digits(4);
  from.expect('-');
  const int month = from.digits(2);
  from.expect('-');
  const int day = from.digits(2);
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) from.fail();
  return date;
}

milliseconds read_time_of_day(cursor& from) noexcept {
  const int hour = from.digits(2);
  from.expect(':');
  const int minute = from.digits(2);
  from.expect(':');
  const int second = from.digits(2);
  const int millis = from.take_any(".") != 0 ? from.fraction() : 0;
  if (hour > 23 || minute > 59 || second > 59) from.fail();
  return hours{hour} + minutes{minute} + seconds{second} + milliseconds{millis};
}

minutes read_offset(cursor& from) noexcept {
  const char sign = from.take_any("Zz+-");
  if (sign == 'Z' || sign == 'z') return minutes{0};
  const int hour = from.digits(2);
  from.expect(':');
  const int minute = from.digits(2);
  if (sign == 0 || hour > 23 || minute > 59) from.fail();
  const minutes offset = hours{hour} + minutes{minute};
  return sign == '-' ? -offset : offset;
}

constexpr std::array<std::array<char, 2>, 100> two_digits = [] {
  std::array<std::array<char, 2>, 100> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
  return table;
}();

/// The two digits of a number below 100 at `at`; past them.
char* put_two(char* at, unsigned value) noexcept {
  std::memcpy(at, two_digits[value].data(), 2);
  return at + 2;
}

char* put_date(char* at, year_month_day date) noexcept {
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  at = put_two(put_two(at, year / 100), year % 100);
  *at++ = '-';
  at = put_two(at, static_cast<unsigned>(date.month()));
  *at++ = '-';
  return put_two(at, static_cast<unsigned>(date.day()));
}

constexpr instant first_instant = sys_days{std::chrono::year{0} / 1 / 1};
constexpr instant end_of_instants = sys_days{std::chrono::year{10000} / 1 / 1};

}  // namespace

void require_writable(instant when) {
  if (when < first_instant || when >= end_of_instants) throw unwritable{"a time outside years 0 to 9999"};
}

void append_rfc3339(std::string& out, instant when) {
  require_writable(when);  // std::chrono's years wrap beyond +-32767: decide before converting
  const auto day = std::chrono::floor<days>(when);
  const auto of_day = static_cast<unsigned>((when - day).count());
  std::array<char, 24> text;
  char* at = put_date(text.data(), year_month_day{day});
  *at++ = 'T';
  at = put_two(at, of_day / 3'600'000);
  *at++ = ':';
  at = put_two(at, of_day / 60'000 % 60);
  *at++ = ':';
  at = put_two(at, of_day / 1'000 % 60);
  *at++ = '.';
  at = put_two(at, of_day % 1'000 / 10);
  *at++ = static_cast<char>('0' + of_day % 10);
  *at++ = 'Z';
  out.append(text.data(), at);
}

std::string to_rfc3339(instant when) {
  std::string text;
  append_rfc3339(text, when);
  return text;
}

std::optional<instant> parse_rfc3339(std::string_view text) noexcept {
  cursor from{text};
  const auto date = read_date(from);
  if (from.take_any("Tt ") == 0) from.fail();
  const auto time = read_time_of_day(from);
  const auto offset = read_offset(from);
  if (!from.done()) return std::nullopt;
  const instant when = sys_days{date} + time - offset;
  if (when < first_instant || when >= end_of_instants) return std::nullopt;
  return when;
}

std::string to_iso_date(year_month_day date) {
  const int year = static_cast<int>(date.year());
  if (!date.ok() || year < 0 || year > 9999)
    throw unwritable{"a date that does not exist or is outside years 0 to 9999"};
  std::array<char, 10> text{};
  return {text.data(), put_date(text.data(), date)};
}

std::optional<year_month_day> parse_iso_date(std::string_view text) noexcept {
  cursor from{text};
  const auto date = read_date(from);
  if (!from.done()) return std::nullopt;
  return date;
}

}  // namespace nxg::schema
