#include "runtime/decimal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace nxg::runtime {
namespace {

template <class Number>
std::string written(Number value) {
  std::array<char, longest_decimal> text;
  return {text.data(), write_decimal(text.data(), value)};
}

template <class Number>
std::string by_the_library(Number value) {
  std::array<char, longest_decimal> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// The whole text as a number.
template <class Number>
std::optional<Number> read(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  return read_decimal(text.data(), end, value) == end ? std::optional{value} : std::nullopt;
}

void expect_there_and_back(double value) {
  const auto text = written(value);
  const auto back = read<double>(text);
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(*back, value) << text;
  if (value != std::trunc(value)) EXPECT_EQ(text, by_the_library(value));
}

TEST(decimal, writes_what_machines_send) {
  EXPECT_EQ(written(9.31), "9.31");
  EXPECT_EQ(written(-0.5), "-0.5");
  EXPECT_EQ(written(0.001), "0.001");
  EXPECT_EQ(written(16.5), "16.5");
  EXPECT_EQ(written(1.05), "1.05");
  EXPECT_EQ(written(100000.0), "100000");
  EXPECT_EQ(written(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(std::int64_t{-17}), "-17");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
}

TEST(decimal, any_number_reads_back_and_is_written_as_the_library_writes_it) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 200'000; ++i) {
    // Any bits; few decimals; a hair beside few decimals.
    const auto any = std::bit_cast<double>(random());
    if (std::isfinite(any)) expect_there_and_back(any);
    const auto digits = static_cast<double>(static_cast<std::int64_t>(random() >> random() % 64));
    const double few = digits / std::array{1.0, 10.0, 100.0, 1000.0, 10000.0}[random() % 5];
    expect_there_and_back(few);
    expect_there_and_back(std::nextafter(few, 1e300));
    expect_there_and_back(-few);
    const auto whole = static_cast<std::int64_t>(random());
    EXPECT_EQ(written(whole), by_the_library(whole));
  }
}

TEST(decimal, reads_as_the_library_reads) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 200'000; ++i) {
    std::string text{random() % 4 == 0 ? "-" : ""};
    const auto digits = [&](std::size_t most) {
      for (auto left = 1 + random() % most; left > 0; --left) text += static_cast<char>('0' + random() % 10);
    };
    if (random() % 4 == 0) {
      text += '0';
    } else {
      text += static_cast<char>('1' + random() % 9);
      if (random() % 2 == 0) digits(20);
    }
    const bool whole = random() % 2 == 0;
    if (!whole) {
      text += '.';
      digits(random() % 8 == 0 ? 25 : 6);
    }
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    const auto found = read<double>(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*found), std::bit_cast<std::uint64_t>(expected)) << text;
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
    const bool fits = whole && error == std::errc{};
    EXPECT_EQ(read<std::int64_t>(text), fits ? std::optional{integer} : std::nullopt) << text;
  }
}

TEST(decimal, refuses_what_is_no_number_of_json) {
  for (const std::string_view text :
       {"", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "1.e1", "1x", "1 ", "--1", "0x1", "nan", "inf", "1e999"}) {
    EXPECT_FALSE(read<double>(text)) << text;
  }
  for (const std::string_view text : {"", "-", "1.0", "1e1", "01", "9223372036854775808", "99999999999999999999999"})
    EXPECT_FALSE(read<std::int64_t>(text)) << text;
  EXPECT_EQ(read<double>("1e1"), 10);
  EXPECT_TRUE(std::signbit(*read<double>("-0")));
  EXPECT_EQ(read<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
}

TEST(decimal, stops_where_the_number_ends) {
  constexpr std::string_view text = "12.5,";
  double value = 0;
  EXPECT_EQ(read_decimal(text.data(), text.data() + text.size(), value), text.data() + 4);
  EXPECT_EQ(value, 12.5);
}

}  // namespace
}  // namespace nxg::runtime
