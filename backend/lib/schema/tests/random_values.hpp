#pragma once

#include "schema/tests/samples.hpp"
#include "schema/text.hpp"

#include <cmath>
#include <cstring>
#include <random>

namespace nxg::schema::test {

/// Makes values that stress what is written: edges of ranges, every kind of character, numbers with many digits.
class random_values {
 public:
  explicit random_values(unsigned seed) : engine_{seed} {}

  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
  }
  bool coin() { return below(2) == 0; }

  std::int64_t integer(std::int64_t min, std::int64_t max) {
    switch (below(4)) {
      case 0: return min;
      case 1: return max;
      default: return std::uniform_int_distribution<std::int64_t>{min, max}(engine_);
    }
  }

  /// Any finite double, all bit patterns alike.
  double real() {
    for (;;) {
      const auto bits = engine_();
      double value = 0;
      std::memcpy(&value, &bits, sizeof value);
      if (std::isfinite(value)) return value;
    }
  }

  double real_between(double min, double max) { return std::uniform_real_distribution<double>{min, max}(engine_); }

  std::string text(std::size_t min, std::size_t max) {
    static constexpr std::string_view pieces[] = {"a",
                                                  "Z",
                                                  "0",
                                                  " ",
                                                  "\"",
                                                  "\\",
                                                  "/",
                                                  "\n",
                                                  "\x01",
                                                  "\x1f",
                                                  "\x7f",
                                                  "é",
                                                  "ß",
                                                  "€",
                                                  "\xe2\x80\xa8",
                                                  "\xed\x9f\xbf",
                                                  "😀",
                                                  "\xf4\x8f\xbf\xbf",
                                                  "~",
                                                  "$"};
    std::string out;
    for (auto left = min + below(max - min + 1); left > 0; --left) out += pieces[below(std::size(pieces))];
    return out;
  }

  std::string octets(std::size_t max) {
    std::string out(below(max + 1), '\0');
    for (char& c : out) c = static_cast<char>(below(256));
    return out;
  }

  nxg::instant time() {
    return nxg::instant{std::chrono::milliseconds{integer(-62'167'219'200'000, 253'402'300'799'999)}};
  }

  set_done set() {
    set_done made{.number = static_cast<int>(integer(1, 99)), .speed_kmh = {}};
    if (coin()) made.speed_kmh = real();
    return made;
  }

  everything all() {
    everything made;
    made.flag = coin();
    made.tiny = static_cast<std::int8_t>(integer(-128, 127));
    made.small = static_cast<std::uint16_t>(integer(0, 65535));
    made.whole = static_cast<int>(integer(std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
    made.large = integer(-max_integer, max_integer);
    made.larger = static_cast<std::uint64_t>(integer(0, max_integer));
    made.single = static_cast<float>(real_between(-1e6, 1e6));
    made.real = real();
    made.day_of_week = static_cast<int>(integer(1, 7));
    made.speed_kmh = real_between(-0.5, 30.0);
    made.free_text = text(0, 40);
    made.short_text = text(1, 5);
    made.mail = "someone" + std::to_string(below(1000)) + "@example.org";
    made.code = "0aF" + std::to_string(below(10));
    made.id = uuid::derived_from(octets(8));
    made.at = time();
    made.day = std::chrono::floor<std::chrono::days>(time());
    made.octets = bytes{octets(40)};
    made.anything = any_json{R"({"a":[1,{"b":null}],"c":"d"})"};
    made.how = static_cast<level>(below(3));
    made.sky = coin() ? weather::sunny : weather::unknown;
    if (coin()) made.maybe = static_cast<int>(integer(-5, 5));
    for (auto left = below(4); left > 0; --left) made.sets.push_back(set());
    std::vector<double> few;
    for (auto left = below(4); left > 0; --left) few.push_back(real());
    made.few = few;
    for (auto left = below(4); left > 0; --left) made.by_name[text(0, 8)] = set();
    made.one = set();
    made.weight_kg = real();
    if (coin()) made.condition = schema::text<1, 20>{text(1, 20)};
    return made;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace nxg::schema::test
