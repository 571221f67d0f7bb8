#include "services/telemetry/messages.hpp"

#include "schema/json.hpp"

#include <gmock/gmock.h>

namespace nxg::samples {
namespace {

using testing::ElementsAre;

const std::string epoch_text = "00112233445566778899aabbccddeeff";

std::string batch_of(const std::string& list) {
  return R"({"epoch":")" + epoch_text + R"(","samples":[)" + list + "]}";
}
std::string reading(int seq, const std::string& more = "") {
  return R"({"seq":)" + std::to_string(seq) + R"(,"at":"2026-01-31T10:00:00.250Z","elapsedSeconds":1.5)" + more + "}";
}
std::string first_code(const std::string& json) {
  try {
    (void)parse_batch(json, 0);
  } catch (const schema::invalid& refused) {
    return refused.list().front().pointer + " " + refused.list().front().code;
  }
  return "";
}

TEST(messages, reads_a_batch) {
  const auto read = parse_batch(
      batch_of(reading(7, R"(,"speedKmh":9.5,"linkId":"0190c8f0-0000-7000-8000-000000000001")") + "," + reading(8)),
      1500);
  EXPECT_EQ(read.epoch.to_string(), epoch_text);
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[0].seq, 7);
  EXPECT_EQ(read.samples[0].values.find(measure::speed_kmh), 9.5);
  EXPECT_EQ(read.samples[0].clock_offset_ms, 1500);
  EXPECT_EQ(read.samples[0].link_id.to_string(), "0190c8f0-0000-7000-8000-000000000001");
  EXPECT_TRUE(read.samples[1].link_id.is_nil());
  EXPECT_FALSE(read.samples[1].values.has(measure::speed_kmh));
  EXPECT_TRUE(read.malformed.empty());
}

TEST(messages, reads_a_single_sample) {
  const auto read = parse_single(R"({"epoch":")" + epoch_text + R"(","sample":)" + reading(1) + "}", 0);
  ASSERT_EQ(read.samples.size(), 1U);
  EXPECT_EQ(read.samples[0].elapsed_seconds, 1.5);
}

TEST(messages, one_sample_that_cannot_be_read_does_not_keep_the_others_out) {
  const auto read = parse_batch(batch_of(reading(1) + R"(,{"seq":2,"at":"yesterday","elapsedSeconds":2},)" +
                                         reading(3, R"(,"warpFactor":9)") + "," + reading(4)),
                                0);
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[1].seq, 4);
  EXPECT_THAT(read.malformed, ElementsAre(refusal{2, "malformed"}, refusal{3, "malformed"}));
}

TEST(messages, refuses_what_has_no_use_and_says_why) {
  EXPECT_EQ(first_code("{"), " syntax");
  EXPECT_EQ(first_code(batch_of("")), "/samples too_short");
  EXPECT_EQ(first_code(batch_of(reading(2) + "," + reading(2))), "/samples/1/seq not_rising");
  EXPECT_EQ(first_code(batch_of(reading(2, R"(,"x":1)") + "," + reading(1))), "/samples/1/seq not_rising");
  EXPECT_EQ(first_code(batch_of(R"({"at":"2026-01-31T10:00:00Z"})")), "/samples/0/seq required");
  EXPECT_EQ(first_code(batch_of(reading(0))), "/samples/0/seq too_small");
  EXPECT_EQ(first_code(R"({"epoch":"zz","samples":[]})"), "/epoch too_short");
  for (const std::string odd : {"00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeefF",
                                "00112233445566778899aabbccddeefg", "A0112233445566778899001122334455"})
    EXPECT_EQ(first_code(R"({"epoch":")" + odd + R"(","samples":[)" + reading(1) + "]}"), "/epoch bad_format") << odd;
  std::string many = reading(1);
  for (int seq = 2; seq <= 501; ++seq) many += "," + reading(seq);
  EXPECT_EQ(first_code(batch_of(many)), "/samples too_long");
}

TEST(messages, answers_as_the_description_says) {
  ack answered{.epoch = epoch_text, .through = 0, .refused = {}, .retry_after_ms = {}};
  for (const std::int64_t through : {0LL, 17LL, 9'007'199'254'740'991LL}) {
    answered.through = through;
    EXPECT_EQ(to_text(answered), schema::to_json(answered));
  }
  answered.retry_after_ms = 100;
  EXPECT_EQ(to_text(answered), schema::to_json(answered));
  answered.refused.push_back({3, "malformed"});
  EXPECT_EQ(to_text(answered), schema::to_json(answered));
}

TEST(messages, shows_a_sample_as_its_description_says) {
  auto kept = parse_batch(batch_of(reading(7, R"(,"speedKmh":9.5,"powerWatts":180)")), 0).samples.front();
  std::string quick;
  append_shown(quick, kept);
  EXPECT_EQ(quick, schema::to_json(to_shown(kept)));
  kept.link_id = uuid::derived_from("link");
  quick.clear();
  append_shown(quick, kept);
  EXPECT_EQ(quick, schema::to_json(to_shown(kept)));
  kept.raise(sample_flag::energy_too_fast);
  quick.clear();
  append_shown(quick, kept);
  EXPECT_THAT(quick, testing::HasSubstr(R"("flags":["energy_too_fast"])"));
}

}  // namespace
}  // namespace nxg::samples
