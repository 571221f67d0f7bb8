#include "runtime/rests.hpp"

#include <gtest/gtest.h>

namespace nxg::runtime {
namespace {

using namespace std::chrono_literals;

/// Asks the rule after each message of a stream; how often it would rest.
int rests_in(rest_rule& rule, std::chrono::nanoseconds gap, int messages, steady_instant& now) {
  int rests = 0;
  for (int i = 0; i < messages; ++i) {
    now += gap;
    if (rule.after(1, now).count() > 0) ++rests;
  }
  return rests;
}

TEST(rest_rule, rests_in_a_stream_and_not_beside_it) {
  rest_rule rule{500us};
  steady_instant now{1h};
  EXPECT_EQ(rests_in(rule, 10ms, 100, now), 0) << "a few";
  EXPECT_EQ(rests_in(rule, 300us, 1'000, now), 0) << "not two of them in a rest";
  EXPECT_GT(rests_in(rule, 100us, 1'000, now), 950) << "a stream";
  now += 1s;
  EXPECT_LT(rests_in(rule, 5ms, 100, now), 3) << "and its end";
}

TEST(rest_rule, counts_all_that_were_served_in_a_turn) {
  rest_rule rule{500us};
  steady_instant now{1h};
  std::chrono::nanoseconds last{0};
  for (int i = 0; i < 200; ++i) last = rule.after(10, now += 1ms);
  EXPECT_EQ(last, 500us);
}

}  // namespace
}  // namespace nxg::runtime
