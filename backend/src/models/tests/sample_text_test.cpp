#include "models/sample_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nxg {
namespace {

using namespace std::chrono_literals;

const uuid machine = uuid::derived_from("machine");
const uuid link = uuid::derived_from("link");
const epoch boot = *epoch::parse("00112233445566778899aabbccddeeff");

sample run_sample(std::int64_t seq) {
  sample made;
  made.seq = seq;
  made.at = instant{1764012345678ms};
  made.link_id = link;
  made.elapsed_seconds = 16.5;
  made.values.set(measure::speed_kmh, 9.2);
  made.values.set(measure::distance_meters, 41.0);
  made.values.set(measure::heart_rate_bpm, 143.0);
  return made;
}

TEST(sample_text, is_compact_and_readable) {
  std::string text;
  append_sample(text, run_sample(17), false);
  EXPECT_EQ(text, "17 a1764012345678 e16.5 v9.2 d41 h143");
}

TEST(sample_text, reads_back_every_field) {
  sample full = run_sample(9'007'199'254'740'991);
  full.clock_offset_ms = -86'400'000;
  for (std::size_t i = 0; i < measure_count; ++i)
    full.values.set(static_cast<measure>(i), -0.1 + 1.7 * static_cast<double>(i));
  full.set = strength_set{3, 12, 82.5, 41.25, 90.0, "Zercher squat, \"deep\"; 100% \xC3\xA4"};
  full.raise(sample_flag::energy_too_fast);
  std::string text;
  append_sample(text, full, true);
  EXPECT_EQ(parse_sample(text), full);
  EXPECT_EQ(text.find_first_of(";\"\\"), std::string::npos) << text;
}

TEST(sample_text, keeps_absent_parts_of_a_set_absent) {
  sample lift = run_sample(1);
  lift.set = strength_set{1, 5, 100, std::nullopt, std::nullopt, std::nullopt};
  std::string text;
  append_sample(text, lift, true);
  EXPECT_EQ(parse_sample(text), lift);
}

TEST(sample_text, refuses_what_it_did_not_write) {
  for (const auto* bad :
       {"", "x", "1 ", "1 a", "1 a12x", "1 z5", "1 Lnope", "1 x1,2", "1 x1,2,3,,,,", "1 x1,2,3,,,%4", "-"}) {
    EXPECT_FALSE(parse_sample(bad)) << bad;
  }
}

TEST(sample_text, a_line_takes_its_link_without_being_read) {
  auto full = run_sample(12);
  for (const auto offset : {0, -1500}) {
    full.clock_offset_ms = offset;
    for (const bool lifted : {false, true}) {
      if (lifted) full.set = strength_set{1, 5, 100, std::nullopt, 60, "Farmer's walk e2"};
      std::string line;
      append_sample(line, full, false);
      std::string whole;
      append_sample(whole, full, true);
      std::string linked;
      append_line_with_link(linked, line, link);
      EXPECT_EQ(linked, whole);
      std::string alone;
      append_line_with_link(alone, line, uuid{});
      EXPECT_EQ(alone, line);
      EXPECT_EQ(seq_of_line(line), 12);
    }
    full.set.reset();
  }
  EXPECT_FALSE(seq_of_line("x17 a1"));
}

TEST(segment_text, gives_back_samples_with_source_and_link) {
  const sample_source first{machine, boot};
  const sample_source second{uuid::derived_from("other"), boot};
  auto linked = run_sample(1);
  auto alone = run_sample(7);
  alone.link_id = {};
  std::string text;
  append_group(text, first, link);
  append_line(text, linked);
  linked.seq = 2;
  append_line(text, linked);
  append_group(text, second, uuid{});
  append_line(text, alone);

  segment_reader reader{text};
  std::vector<segment_reader::entry> read;
  while (auto entry = reader.next()) read.push_back(*entry);
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[1].from, first);
  EXPECT_EQ(read[1].sample, linked);
  EXPECT_EQ(read[2].from, second);
  EXPECT_EQ(read[2].sample, alone);
}

TEST(segment_text, refuses_damaged_text) {
  for (const auto* bad : {"1 a5 e1;", "@nope;", "@", "1", ";"}) {
    EXPECT_THROW(segment_reader{bad}.next(), std::runtime_error) << bad;
  }
}

TEST(epoch, is_32_hexadecimal_digits) {
  EXPECT_EQ(boot.to_string(), "00112233445566778899aabbccddeeff");
  EXPECT_EQ(epoch::parse("00112233445566778899aabbccddeeff"), boot);
  for (const auto* bad : {"", "0011", "00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeefg",
                          "00112233445566778899aabbccddeeff0"}) {
    EXPECT_FALSE(epoch::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace nxg
