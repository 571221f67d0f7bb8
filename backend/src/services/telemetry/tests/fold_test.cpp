#include "services/telemetry/fold.hpp"

#include "models/sample_text.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace nxg::samples {
namespace {

using namespace std::chrono_literals;

const sample_source from{uuid::derived_from("machine"), *epoch::parse("00112233445566778899aabbccddeeff")};
const uuid link_a = uuid::derived_from("link a");
const uuid link_b = uuid::derived_from("link b");

sample made(std::int64_t seq, const uuid& link, double speed) {
  sample one;
  one.seq = seq;
  one.at = instant{1764012345000ms} + std::chrono::seconds{seq};
  one.link_id = link;
  one.elapsed_seconds = static_cast<double>(seq);
  one.values.set(measure::speed_kmh, speed);
  return one;
}

std::string segment_of(const std::vector<sample>& samples) {
  std::string text;
  for (const auto& one : samples) {
    append_group(text, from, one.link_id);
    append_line(text, one);
  }
  return text;
}

/// What a bucket holds, by seq.
std::map<std::int64_t, sample> samples_of(const sample_bucket& bucket) {
  std::map<std::int64_t, sample> all;
  std::string_view rest = bucket.text;
  std::int64_t last = -1;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto read = parse_sample(rest.substr(0, end));
    EXPECT_TRUE(read);
    EXPECT_GT(read->seq, last) << "not in order, or twice";
    last = read->seq;
    all.emplace(read->seq, *read);
    rest.remove_prefix(end + 1);
  }
  return all;
}

bool fold_into(sample_bucket& bucket, const std::string& text) {
  bucket_additions additions;
  add_segment(additions, text);
  bool changed = false;
  for (auto& [place, lines] : additions) {
    EXPECT_EQ(place.number, bucket.number);
    changed = merge(bucket, std::move(lines)) || changed;
  }
  return changed;
}

TEST(fold, sorts_samples_into_buckets_of_64) {
  bucket_additions additions;
  const auto text = segment_of({made(63, link_a, 9), made(64, link_a, 9), made(127, link_a, 9), made(128, link_b, 9)});
  add_segment(additions, text);
  std::vector<std::pair<std::int64_t, std::size_t>> found;
  for (const auto& [place, lines] : additions) found.emplace_back(place.number, lines.size());
  EXPECT_EQ(found, (std::vector<std::pair<std::int64_t, std::size_t>>{{0, 1}, {1, 2}, {2, 1}}));
}

TEST(fold, twice_changes_nothing) {
  sample_bucket bucket{.number = 0};
  const auto text = segment_of({made(3, link_a, 9), made(1, link_a, 8.5), made(2, link_b, 9)});
  EXPECT_TRUE(fold_into(bucket, text));
  const auto once = bucket.text;
  EXPECT_FALSE(fold_into(bucket, text));
  EXPECT_EQ(bucket.text, once);
  EXPECT_EQ(bucket.links, (std::vector{link_a, link_b}));
}

TEST(fold, text_nobody_can_read_is_refused) {
  bucket_additions additions;
  EXPECT_THROW(add_segment(additions, "1 a5 e1;"), std::runtime_error);
  EXPECT_THROW(add_segment(additions, segment_of({made(1, link_a, 9)}) + "nonsense;"), std::runtime_error);
  sample_bucket damaged{.text = "not a line;"};
  EXPECT_THROW(merge(damaged, {}), std::runtime_error);
}

/// In whatever order and however often samples come, each is in the bucket once, as it came last.
TEST(fold, any_order_and_any_repeats_end_the_same) {
  std::mt19937 random{7};  // fixed, so that a failure can be repeated
  for (int round = 0; round < 200; ++round) {
    sample_bucket bucket{.number = 0};
    std::map<std::int64_t, sample> expected;
    for (int fold = 0; fold < 4; ++fold) {
      std::vector<sample> segment;
      for (int i = 0; i < 12; ++i) {
        const auto seq = static_cast<std::int64_t>(random() % 64);
        const auto& link = random() % 3 == 0 ? link_b : link_a;
        const double speed = static_cast<double>(random() % 300) / 10;
        segment.push_back(made(seq, random() % 7 == 0 ? uuid{} : link, speed));
        if (random() % 5 == 0) segment.back().clock_offset_ms = 1500;
        if (random() % 5 == 0) segment.back().raise(sample_flag::energy_too_fast);
        expected.insert_or_assign(seq, segment.back());
      }
      fold_into(bucket, segment_of(segment));
    }
    ASSERT_EQ(samples_of(bucket), expected);
  }
}

}  // namespace
}  // namespace nxg::samples
