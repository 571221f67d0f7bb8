#include "resilience/gcra.hpp"
#include "resilience/quota.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <random>
#include <vector>

namespace nxg::resilience {
namespace {

using namespace std::chrono_literals;

TEST(gcra, grants_the_burst_and_then_one_per_interval) {
  gcra state;
  const rate limit{10, 1s, 3};
  for (std::uint64_t left : {2u, 1u, 0u}) {
    const auto answer = state.take(limit, 5s);
    EXPECT_TRUE(answer.allowed);
    EXPECT_EQ(answer.limit, 3u);
    EXPECT_EQ(answer.remaining, left);
  }
  const auto refused = state.take(limit, 5s);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 100ms);
  EXPECT_EQ(refused.reset_after, 300ms);
  EXPECT_FALSE(state.take(limit, 5s + 99ms).allowed);
  EXPECT_TRUE(state.take(limit, 5s + 100ms).allowed);
  EXPECT_FALSE(state.take(limit, 5s + 100ms).allowed);
}

TEST(gcra, a_burst_of_zero_means_the_whole_count) {
  gcra state;
  for (int i = 0; i < 600; ++i) EXPECT_TRUE(state.take({600, 15min, 0}, 0s).allowed);
  EXPECT_FALSE(state.take({600, 15min, 0}, 0s).allowed);
}

TEST(gcra, a_refusal_and_a_look_take_nothing) {
  gcra state;
  const rate limit{1, 1s, 5};
  EXPECT_EQ(state.peek(limit, 0s, 5).remaining, 5u);
  EXPECT_TRUE(state.peek(limit, 0s, 5).allowed);
  EXPECT_TRUE(state.take(limit, 0s, 3).allowed);
  EXPECT_FALSE(state.take(limit, 0s, 3).allowed);
  EXPECT_EQ(state.peek(limit, 0s).remaining, 2u);
  EXPECT_TRUE(state.take(limit, 0s, 2).allowed);
}

TEST(gcra, what_can_never_be_granted_says_so) {
  gcra state;
  EXPECT_EQ(state.take({10, 1s, 3}, 0s, 4).retry_after, std::chrono::milliseconds::max());
  EXPECT_FALSE(state.take({0, 1s, 0}, 0s).allowed);
  EXPECT_FALSE(state.take({10, 1s, 3}, 0s, UINT64_MAX).allowed);
  EXPECT_TRUE(state.take({10, 1s, 3}, 0s, 3).allowed);
}

TEST(gcra, over_any_span_it_grants_at_most_the_burst_and_the_rate) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 source{seed};
    const rate limit{1 + source() % 50, std::chrono::milliseconds{1 + source() % 5000}, 1 + source() % 20};
    gcra state;
    gcra::time now{0};
    std::vector<gcra::time> granted;
    for (int i = 0; i < 500; ++i) {
      now += std::chrono::microseconds{source() % 200'000};
      const auto before = state.peek(limit, now);
      const auto answer = state.take(limit, now);
      ASSERT_EQ(answer.allowed, before.allowed);
      if (answer.allowed) {
        ASSERT_EQ(answer.remaining + 1, before.remaining);
        granted.push_back(now);
      } else {
        ASSERT_TRUE(gcra{state}.take(limit, now + answer.retry_after).allowed);
      }
    }
    const double per_ns = static_cast<double>(limit.count) / static_cast<double>(gcra::time{limit.period}.count());
    for (std::size_t from = 0; from < granted.size(); ++from) {
      const double span = static_cast<double>((granted.back() - granted[from]).count());
      ASSERT_LE(static_cast<double>(granted.size() - from),
                static_cast<double>(limit.burst) + span * per_ns * 1.001 + 1e-6);
    }
  }
}

TEST(quota, is_shared_evenly_between_processes_also_when_it_is_smaller_than_they_are_many) {
  quota half{{.granted = {11, 1min, 10}, .processes = 2, .reserved_for_interactive = 0}};
  const steady_instant now{1h};
  int granted = 0;
  while (half.take(now).allowed) ++granted;
  EXPECT_EQ(granted, 5);

  quota part{{.granted = {3, 1min, 0}, .processes = 8}};
  EXPECT_TRUE(part.take(now).allowed);
  EXPECT_EQ(part.take(now).retry_after, 4min);
}

TEST(quota, jobs_leave_a_reserve_to_people) {
  quota shared{{.granted = {11, 1min, 10}, .processes = 1, .reserved_for_interactive = 0.2}};
  const steady_instant now{1h};
  int background = 0;
  while (shared.take(now, true).allowed) ++background;
  EXPECT_EQ(background, 8);
  EXPECT_GT(shared.take(now, true).retry_after, 0ms);
  EXPECT_TRUE(shared.take(now).allowed);
  EXPECT_TRUE(shared.take(now).allowed);
  EXPECT_FALSE(shared.take(now).allowed);
}

struct wanted_all_the_time {
  rate granted;
  std::uint64_t least_in_ten_hours;
};

class quota_wanted_all_the_time : public testing::TestWithParam<wanted_all_the_time> {};

TEST_P(quota_wanted_all_the_time, is_not_exceeded_in_any_period) {
  const auto& [granted, least] = GetParam();
  quota asked{{.granted = granted, .processes = 1, .reserved_for_interactive = 0}};
  std::deque<steady_instant> last_hour;
  std::uint64_t calls = 0;
  for (steady_instant now{1h}; now < steady_instant{11h}; now += 1s) {
    while (!last_hour.empty() && last_hour.front() <= now - 1h) last_hour.pop_front();
    while (asked.take(now).allowed) {
      last_hour.push_back(now);
      ++calls;
    }
    ASSERT_LE(last_hour.size(), granted.count);
  }
  EXPECT_GE(calls, least);
}

INSTANTIATE_TEST_SUITE_P(quota, quota_wanted_all_the_time,
                         testing::Values(wanted_all_the_time{{100, 1h, 0}, 770},
                                         wanted_all_the_time{{1000, 1h, 60}, 9'450},
                                         wanted_all_the_time{{100, 1h, 100}, 108}, wanted_all_the_time{{7, 1h, 5}, 24},
                                         wanted_all_the_time{{3, 1h, 84}, 11}, wanted_all_the_time{{2, 1h, 0}, 10},
                                         wanted_all_the_time{{1, 1h, 0}, 10}));

TEST(quota, of_nothing_is_no_quota) {
  quota none{{}};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(none.take(steady_instant{}, true).allowed);
}

}  // namespace
}  // namespace nxg::resilience
