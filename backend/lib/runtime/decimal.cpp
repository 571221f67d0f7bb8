#include "runtime/decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace nxg::runtime {

namespace {

/// Beyond these a double does not tell all decimals of so many digits apart.
constexpr double most_whole = 1e15;
constexpr int most_digits = 15;
constexpr std::array<double, most_digits + 1> powers_of_ten{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A number of JSON, taken apart.
struct spelled {
  const char* end = nullptr;  // null: it is none
  std::uint64_t digits = 0;   // all of them, as one whole number; wrong when there are too many
  int count = 0;
  int decimals = 0;
  bool negative = false;
  bool has_exponent = false;
};

const char* take_digits(const char* at, const char* end, spelled& into) noexcept {
  const char* const begin = at;
  for (; at != end && is_digit(*at); ++at) into.digits = into.digits * 10 + static_cast<unsigned>(*at - '0');
  into.count += static_cast<int>(at - begin);
  return at == begin ? nullptr : at;
}

const char* pass_exponent(const char* at, const char* end) noexcept {
  if (at != end && (*at == '+' || *at == '-')) ++at;
  const char* const begin = at;
  while (at != end && is_digit(*at)) ++at;
  return at == begin ? nullptr : at;
}

spelled take_apart(const char* at, const char* end) noexcept {
  spelled found;
  if (at != end && *at == '-') {
    found.negative = true;
    ++at;
  }
  const char* const whole = at;
  at = take_digits(at, end, found);
  if (at == nullptr || (*whole == '0' && at != whole + 1)) return {};
  if (at != end && *at == '.') {
    const char* const fraction = ++at;
    at = take_digits(at, end, found);
    if (at == nullptr) return {};
    found.decimals = static_cast<int>(at - fraction);
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    found.has_exponent = true;
    at = pass_exponent(at + 1, end);
  }
  found.end = at;
  return found;
}

template <class Number>
const char* read_all(const char* at, const char* end, Number& into) noexcept {
  const auto [stop, error] = std::from_chars(at, end, into);
  return error == std::errc{} && stop == end ? end : nullptr;
}

char* write_with(char* out, auto value) noexcept { return std::to_chars(out, out + longest_decimal, value).ptr; }

}  // namespace

char* write_decimal(char* out, std::int64_t value) noexcept { return write_with(out, value); }

char* write_decimal(char* out, double value) noexcept {
  if (std::abs(value) < most_whole && value == std::trunc(value))
    return write_with(out, static_cast<std::int64_t>(value));
  // Of a decimal with up to 15 digits that reads back as `value` there is only one.
  constexpr double thousand = 1000;
  const double size = std::abs(value);
  if (size >= most_whole / thousand) return write_with(out, value);
  const auto thousandths = static_cast<std::uint64_t>(size * thousand + 0.5);
  if (static_cast<double>(thousandths) / thousand != size) return write_with(out, value);
  if (value < 0) *out++ = '-';
  out = write_with(out, thousandths / 1000);
  const auto rest = static_cast<unsigned>(thousandths % 1000);
  *out++ = '.';
  *out++ = static_cast<char>('0' + rest / 100);
  if (rest % 100 == 0) return out;
  *out++ = static_cast<char>('0' + rest / 10 % 10);
  if (rest % 10 == 0) return out;
  *out++ = static_cast<char>('0' + rest % 10);
  return out;
}

const char* read_decimal(const char* at, const char* end, double& into) noexcept {
  const auto found = take_apart(at, end);
  if (found.end == nullptr) return nullptr;
  if (found.count > most_digits || found.has_exponent) return read_all(at, found.end, into);
  // Both are exact, so their quotient is rounded once, as it has to be.
  const double size = static_cast<double>(found.digits) / powers_of_ten[static_cast<std::size_t>(found.decimals)];
  into = found.negative ? -size : size;
  return found.end;
}

const char* read_decimal(const char* at, const char* end, std::int64_t& into) noexcept {
  const auto found = take_apart(at, end);
  if (found.end == nullptr || found.has_exponent || found.decimals > 0) return nullptr;
  constexpr int surely_fits = 18;
  if (found.count > surely_fits) return read_all(at, found.end, into);
  const auto size = static_cast<std::int64_t>(found.digits);
  into = found.negative ? -size : size;
  return found.end;
}

}  // namespace nxg::runtime
