#include "services/telemetry/seq_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace nxg::samples {
namespace {

TEST(seq_set, holds_what_was_added_in_any_order) {
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    seq_set runs;
    std::set<std::int64_t> plain;
    for (int i = 0; i < 30; ++i) {
      const auto first = static_cast<std::int64_t>(random() % 80);
      const auto last = first + static_cast<std::int64_t>(random() % 6);
      runs.add({first, last});
      for (auto seq = first; seq <= last; ++seq) plain.insert(seq);
    }
    for (std::int64_t seq = -1; seq < 90; ++seq) ASSERT_EQ(runs.contains(seq), plain.contains(seq)) << seq;
    EXPECT_EQ(runs.lowest().first, *plain.begin());
    EXPECT_EQ(runs.highest().last, *plain.rbegin());
  }
}

TEST(seq_set, forgets_from_either_end) {
  seq_set runs;
  for (std::int64_t seq : {1, 3, 5, 7}) runs.add({seq, seq});
  runs.forget_highest(3);
  EXPECT_FALSE(runs.contains(7));
  runs.forget_lowest(2);
  EXPECT_FALSE(runs.contains(1));
  EXPECT_TRUE(runs.contains(3));
  EXPECT_TRUE(runs.contains(5));
}

}  // namespace
}  // namespace nxg::samples
