#include "resilience/retry_policy.hpp"

#include <gtest/gtest.h>

namespace nxg::resilience {
namespace {

using namespace std::chrono_literals;

TEST(retry_policy, pauses_grow_exponentially_with_full_jitter_up_to_a_bound) {
  const retry_policy policy{{.max_attempts = 20, .base = 100ms, .max_delay = 1s}};
  EXPECT_EQ(policy.pause(1, 0, {}, 1h), 0ms);
  EXPECT_EQ(policy.pause(1, 0.5, {}, 1h), 50ms);
  EXPECT_EQ(policy.pause(2, 0.5, {}, 1h), 100ms);
  EXPECT_EQ(policy.pause(3, 0.5, {}, 1h), 200ms);
  EXPECT_EQ(policy.pause(10, 0.5, {}, 1h), 500ms);
}

TEST(retry_policy, there_are_three_attempts_in_all) {
  const retry_policy policy;
  EXPECT_TRUE(policy.pause(1, 0.5, {}, 1h));
  EXPECT_TRUE(policy.pause(2, 0.5, {}, 1h));
  EXPECT_FALSE(policy.pause(3, 0.5, {}, 1h));
}

TEST(retry_policy, never_comes_before_the_service_wants_it) {
  const retry_policy policy;
  EXPECT_EQ(policy.pause(1, 0.5, 7s, 1h), 7s);
  EXPECT_EQ(policy.pause(1, 0.5, 1ms, 1h), 100ms);
}

TEST(retry_policy, does_not_wait_where_the_deadline_comes_first) {
  const retry_policy policy;
  EXPECT_FALSE(policy.pause(1, 0.5, 7s, 7s));
  EXPECT_TRUE(policy.pause(1, 0.5, 7s, 7001ms));
  EXPECT_FALSE(policy.pause(1, 0, {}, 0ms));
}

TEST(retry_budget, retries_stay_a_share_of_the_calls) {
  retry_budget budget{{.per_call = 0.25, .saved = 2}};
  EXPECT_TRUE(budget.spend());
  EXPECT_TRUE(budget.spend());
  EXPECT_FALSE(budget.spend());
  for (int i = 0; i < 3; ++i) budget.earn();
  EXPECT_FALSE(budget.spend());
  budget.earn();
  EXPECT_TRUE(budget.spend());
  for (int i = 0; i < 1000; ++i) budget.earn();
  EXPECT_EQ(budget.left(), 2);
}

}  // namespace
}  // namespace nxg::resilience
