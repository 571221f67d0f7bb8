#include "services/telemetry/high_water.hpp"

#include <gtest/gtest.h>

namespace nxg::samples {
namespace {

TEST(high_water, begins_below_the_first_seq) {
  const high_water mark{101};
  EXPECT_EQ(mark.through(), 100);
  EXPECT_FALSE(mark.is_done(101));
}

TEST(high_water, goes_back_to_a_lower_seq_that_is_sent) {
  high_water mark{10};
  mark.done(10, 12);
  EXPECT_EQ(mark.through(), 12);
  mark.sent(4);
  EXPECT_EQ(mark.through(), 3);
  EXPECT_FALSE(mark.is_done(4)) << "it is still kept, so it was not acknowledged";
  EXPECT_TRUE(mark.is_done(11));
  mark.sent(7);
  EXPECT_EQ(mark.through(), 3);
  mark.done(4, 6);
  EXPECT_EQ(mark.through(), 6);
  mark.done(7, 9);
  EXPECT_EQ(mark.through(), 12);
}

TEST(high_water, does_not_pass_a_hole) {
  high_water mark{1};
  mark.done(1, 5);
  mark.done(8, 9);
  mark.done(11, 11);
  EXPECT_EQ(mark.through(), 5);
  EXPECT_TRUE(mark.is_done(8));
  EXPECT_FALSE(mark.is_done(10));
  mark.done(6, 7);
  EXPECT_EQ(mark.through(), 9);
  mark.done(10, 10);
  EXPECT_EQ(mark.through(), 11);
}

TEST(high_water, takes_the_same_twice) {
  high_water mark{1};
  mark.done(3, 4);
  mark.done(3, 6);
  mark.done(2, 3);
  mark.done(1, 1);
  mark.done(1, 2);
  EXPECT_EQ(mark.through(), 6);
}

TEST(high_water, forgets_rather_than_grows) {
  high_water mark{1};
  for (std::int64_t seq = 2; seq < 2'000; seq += 2) mark.done(seq, seq);
  EXPECT_TRUE(mark.is_done(2));
  EXPECT_FALSE(mark.is_done(1'998));
  EXPECT_EQ(mark.through(), 0);
}

TEST(high_water, forgets_rather_than_grows_whichever_way_it_goes) {
  high_water mark{10'000};
  for (std::int64_t seq = 10'000; seq > 8'000; seq -= 2) {
    mark.sent(seq);
    mark.done(seq, seq);
  }
  EXPECT_TRUE(mark.is_done(8'004));
  EXPECT_FALSE(mark.is_done(10'000));
  EXPECT_EQ(mark.through(), 8'002);
}

}  // namespace
}  // namespace nxg::samples
