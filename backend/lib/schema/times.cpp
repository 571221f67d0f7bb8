#include "schema/problems.hpp"
#include "schema/text.hpp"

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
    if (!take_any(std::string_view{&c, 1})) fail();
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

void append_digits(std::string& out, int value, int width) {
  for (int unit = width == 4 ? 1000 : width == 3 ? 100 : 10; unit > 0; unit /= 10) {
    out += static_cast<char>('0' + value / unit % 10);
  }
}

void append_date(std::string& out, year_month_day date) {
  const int year = static_cast<int>(date.year());
  if (!date.ok() || year < 0 || year > 9999) throw unwritable{"a date outside years 0 to 9999"};
  append_digits(out, year, 4);
  out += '-';
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

constexpr instant first_instant = sys_days{std::chrono::year{0} / 1 / 1};
constexpr instant end_of_instants = sys_days{std::chrono::year{10000} / 1 / 1};

}  // namespace

std::string to_rfc3339(instant when) {
  // std::chrono's years wrap beyond +-32767: decide before converting.
  if (when < first_instant || when >= end_of_instants) throw unwritable{"a time outside years 0 to 9999"};
  const auto day = std::chrono::floor<days>(when);
  const auto of_day = static_cast<int>((when - day).count());
  std::string text;
  text.reserve(24);
  append_date(text, year_month_day{day});
  text += 'T';
  append_digits(text, of_day / 3'600'000, 2);
  text += ':';
  append_digits(text, of_day / 60'000 % 60, 2);
  text += ':';
  append_digits(text, of_day / 1'000 % 60, 2);
  text += '.';
  append_digits(text, of_day % 1'000, 3);
  text += 'Z';
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
  std::string text;
  text.reserve(10);
  append_date(text, date);
  return text;
}

std::optional<year_month_day> parse_iso_date(std::string_view text) noexcept {
  cursor from{text};
  const auto date = read_date(from);
  if (!from.done()) return std::nullopt;
  return date;
}

}  // namespace nxg::schema
