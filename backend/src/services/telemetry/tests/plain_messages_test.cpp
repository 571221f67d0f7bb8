#include "services/telemetry/plain_messages.hpp"

#include "schema/problems.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace nxg::samples {
namespace {

constexpr std::string_view usual =
    R"({"epoch":"00112233445566778899aabbccddeeff","sample":{"seq":17,"at":"2026-01-31T10:00:00.250Z",)"
    R"("linkId":"0190c8f0-0000-7000-8000-000000000001","elapsedSeconds":16.5,"speedKmh":9.31,"inclinePercent":1,)"
    R"("distanceMeters":41,"heartRateBpm":141,"powerWatts":212}})";

/// By its description; nothing where that throws.
std::optional<parsed> described(std::string_view json, bool single) {
  try {
    return single ? parse_described_single(json, -1500) : parse_described_batch(json, -1500);
  } catch (const schema::invalid&) {
    return std::nullopt;
  }
}

/// Whether the quick way took it; if so it must have read what the description reads.
bool agrees(std::string_view json, bool single) {
  const auto quick = single ? read_plain_single(json, -1500) : read_plain_batch(json, -1500);
  if (!quick) return false;
  const auto slow = described(json, single);
  EXPECT_TRUE(slow) << "read although it is wrong: " << json;
  if (slow) {
    EXPECT_EQ(*quick, *slow) << json;
  }
  return true;
}

TEST(plain_messages, takes_what_machines_send) {
  EXPECT_TRUE(agrees(usual, true));
  EXPECT_TRUE(agrees(R"( { "sample" : { "elapsedSeconds" : 1e1 , "at" : "2026-01-31T11:00:00+01:00" , "seq" : 1 } ,
    "epoch" : "00112233445566778899aabbccddeeff" } )",
                     true));
  EXPECT_TRUE(agrees(R"({"epoch":"00112233445566778899aabbccddeeff","samples":[{"seq":1,"at":"2026-01-31T10:00:00Z",)"
                     R"("elapsedSeconds":0},{"seq":9007199254740991,"at":"2026-01-31T10:00:01Z","elapsedSeconds":1}]})",
                     false));
}

TEST(plain_messages, leaves_everything_else_to_the_description) {
  const std::string text{usual};
  const auto with = [&text](std::string_view what, std::string_view instead) {
    auto changed = text;
    const auto at = changed.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return changed.replace(at, what.size(), instead);
  };
  for (const auto& odd :
       std::vector<std::string>{"",
                                "null",
                                "[]",
                                text + "x",
                                text + text,
                                with("\"seq\"", "\"s\\u0065q\""),
                                with("17", "0"),
                                with("17", "1.5"),
                                with("17", "9007199254740992"),
                                with("17", "017"),
                                with("17", "\"17\""),
                                with("17", "null"),
                                with("9.31", "null"),
                                with("9.31", "1e999"),
                                with("9.31", ".5"),
                                with("9.31", "5."),
                                with("9.31", "+5"),
                                with("9.31", "true"),
                                with("speedKmh", "warpFactor"),
                                with("speedKmh", "powerWatts"),
                                with("\"speedKmh\":9.31", R"("set":{"number":1,"reps":5,"weightKg":80})"),
                                with("2026-01-31", "2026-02-31"),
                                with("0190c8f0", "0190c8g0"),
                                with("aabbccddeeff", "aaBbccddeeff"),
                                with("\"epoch\":", "\"epoch\":\"00112233445566778899aabbccddeeff\",\"epoch\":"),
                                with("00112233", "0011223"),
                                with("{\"seq\":17,", "{"),
                                with("}}", "}"),
                                with("}}", "},}"),
                                with("212", "212,"),
                                with("\"sample\"", "\"samples\"")}) {
    EXPECT_FALSE(agrees(odd, true)) << odd;
  }
  EXPECT_FALSE(agrees(R"({"epoch":"00112233445566778899aabbccddeeff","samples":[]})", false));
}

TEST(plain_messages, more_than_a_message_may_have_is_not_plain) {
  std::string list;
  for (std::size_t i = 1; i <= max_samples + 1; ++i) {
    if (i > 1) list += ',';
    list += R"({"seq":)" + std::to_string(i) + R"(,"at":"2026-01-31T10:00:00Z","elapsedSeconds":1})";
    const auto whole = R"({"epoch":"00112233445566778899aabbccddeeff","samples":[)" + list + "]}";
    if (i >= max_samples) {
      EXPECT_EQ(agrees(whole, false), i == max_samples);
    }
  }
  EXPECT_FALSE(agrees(R"({"epoch":"00112233445566778899aabbccddeeff","samples":[{"seq":2,"at":"2026-01-31T10:00:00Z",)"
                      R"("elapsedSeconds":0},{"seq":2,"at":"2026-01-31T10:00:01Z","elapsedSeconds":1}]})",
                      false));
}

/// A message with fields in any order, values of every kind of spelling, some of them wrong.
class message_maker {
 public:
  explicit message_maker(unsigned seed) : random_{seed} {}

  std::string single() { return R"({"epoch":)" + epoch() + R"(,"sample":)" + sample(1) + "}"; }
  std::string batch() {
    std::string list;
    int seq = 0;
    for (auto left = 1 + below(4); left > 0; --left) {
      seq += static_cast<int>(below(20) == 0 ? 0 : 1 + below(3));
      list += (list.empty() ? "" : ",") + sample(seq);
    }
    return R"({"samples":[)" + list + R"(],"epoch":)" + epoch() + "}";
  }
  /// Some bytes changed, taken out, or put in.
  std::string damaged(std::string text) {
    constexpr std::string_view likely = "\"\\{}[],:.-+eE0123456789nultrasqx \n\x01\xC3";
    for (auto left = 1 + below(3); left > 0 && !text.empty(); --left) {
      const auto at = below(text.size());
      switch (below(3)) {
        case 0: text[at] = likely[below(likely.size())]; break;
        case 1: text.erase(at, 1 + below(3)); break;
        default: text.insert(at, 1, likely[below(likely.size())]);
      }
    }
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string pick(std::initializer_list<const char*> from) { return from.begin()[below(from.size())]; }
  std::string epoch() {
    return below(30) == 0 ? pick({"\"\"", "7", "\"zz\""}) : std::string{"\"00112233445566778899aabbccddeeff\""};
  }
  std::string number() {
    return pick({"0", "-0", "1", "9.31", "-12.5", "1e3", "2.5E-3", "123456789.123456789", "0.1", "1e999", "01", "-",
                 "12.", "4.35", "2.2250738585072011e-308", "null", "5.0"});
  }
  std::string sample(int seq) {
    std::vector<std::string> fields{
        R"("seq":)" + (below(25) == 0 ? number() : std::to_string(seq)),
        R"("at":)" + pick({R"("2026-01-31T10:00:00.250Z")", R"("2026-01-31T10:00:00.25+02:00")",
                           R"("2024-02-29t23:59:59z")", R"("2026-01-31")"}),
        R"("elapsedSeconds":)" + (below(4) == 0 ? number() : std::string{"16.5"})};
    for (const auto* name :
         {"linkId", "speedKmh", "inclinePercent", "distanceMeters", "heartRateBpm", "energyKcal", "floors"}) {
      if (below(2) == 0) continue;
      const std::string key{name};
      fields.push_back('"' + key + R"(":)" +
                       (key == "linkId" ? pick({R"("0190c8f0-0000-7000-8000-000000000001")",
                                                R"("00000000-0000-0000-0000-000000000000")"})
                                        : (below(3) == 0 ? number() : std::string{"7.25"})));
    }
    if (below(40) == 0) fields.push_back(R"("unknown":1)");
    if (below(40) == 0) fields.push_back(R"("set":{"number":1,"reps":5,"weightKg":80})");
    std::ranges::shuffle(fields, random_);
    std::string text;
    for (const auto& one : fields) text += (text.empty() ? "" : pick({",", ", ", ",\n"})) + one;
    return '{' + text + '}';
  }

  std::mt19937 random_;
};

TEST(plain_messages, reads_whatever_it_takes_as_the_description_does) {
  message_maker make{20260131};
  std::array<int, 2> taken{};
  for (int round = 0; round < 6'000; ++round) {
    const bool single = round % 2 == 0;
    const auto text = single ? make.single() : make.batch();
    if (agrees(text, single)) ++taken[single ? 1 : 0];
    agrees(make.damaged(text), single);
    agrees(make.damaged(std::string{usual}), single);
    if (HasFailure()) return;
  }
  EXPECT_GT(taken[0], 500);
  EXPECT_GT(taken[1], 500);
}

}  // namespace
}  // namespace nxg::samples
