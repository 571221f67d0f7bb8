#include "coordination/tests/contract_fixture.hpp"

namespace nxg::coordination {
namespace {

using namespace std::chrono_literals;

class rate_limiter_contract : public contract {
 protected:
  rate_decision take(std::string_view key, const rate& limit, std::uint64_t cost = 1) {
    return get(here().rate_limiter().take(key, limit, cost));
  }
  rate_decision peek(std::string_view key, const rate& limit) { return get(here().rate_limiter().peek(key, limit)); }
};

TEST_P(rate_limiter_contract, tells_limit_rest_and_pauses) {
  const rate limit{3, 30min, 0};
  const auto first = take("m:1", limit);
  EXPECT_TRUE(first.allowed);
  EXPECT_EQ(first.limit, 3u);
  EXPECT_EQ(first.remaining, 2u);
  EXPECT_LE(first.reset_after, 10min);
  EXPECT_GT(first.reset_after, 9min);
  take("m:1", limit);
  EXPECT_TRUE(take("m:1", limit).allowed);
  const auto refused = take("m:1", limit);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0u);
  EXPECT_GT(refused.retry_after, 9min);
  EXPECT_LE(refused.retry_after, 10min);
  world_->pass(refused.retry_after);
  EXPECT_TRUE(take("m:1", limit).allowed);
}

TEST_P(rate_limiter_contract, keys_do_not_know_each_other) {
  const rate limit{1, 60s, 0};
  EXPECT_TRUE(take("a", limit).allowed);
  EXPECT_FALSE(take("a", limit).allowed);
  EXPECT_TRUE(take("b", limit).allowed);
}

TEST_P(rate_limiter_contract, counts_costs_and_refuses_what_exceeds_the_burst_for_good) {
  const rate limit{100, 15min, 10};
  EXPECT_TRUE(take("a", limit, 10).allowed);
  EXPECT_FALSE(take("a", limit, 1).allowed);
  EXPECT_EQ(take("b", limit, 11).retry_after, std::chrono::milliseconds::max());
  EXPECT_EQ(peek("b", limit).remaining, 10u);
}

TEST_P(rate_limiter_contract, a_look_takes_nothing) {
  const rate limit{5, 15min, 0};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(peek("login", limit).allowed);
  for (int i = 0; i < 5; ++i) take("login", limit);
  EXPECT_FALSE(peek("login", limit).allowed);
}

TEST_P(rate_limiter_contract, a_reset_gives_everything_back) {
  const rate limit{2, 15min, 0};
  take("a", limit);
  take("a", limit);
  EXPECT_FALSE(take("a", limit).allowed);
  run(here().rate_limiter().reset("a"));
  run(here().rate_limiter().reset("unknown"));
  EXPECT_EQ(take("a", limit).remaining, 1u);
}

TEST_P(rate_limiter_contract, a_limit_holds_over_all_processes) {
  const rate limit{100, 15min, 0};
  int allowed = 0;
  for (int i = 0; i < 200; ++i) {
    auto& process = i % 3 == 0 ? there() : here();
    allowed += get(process.rate_limiter().take("a", limit)).allowed ? 1 : 0;
  }
  EXPECT_LE(allowed, 100);
  EXPECT_GE(allowed, 90) << "what a process leased and did not use";
  EXPECT_FALSE(take("a", limit, 10).allowed);
}

TEST_P(rate_limiter_contract, a_look_and_a_reset_reach_all_processes) {
  const rate limit{5, 15min, 0};
  for (int i = 0; i < 5; ++i) take("a", limit);
  EXPECT_FALSE(get(there().rate_limiter().peek("a", limit)).allowed);
  run(there().rate_limiter().reset("a"));
  EXPECT_TRUE(take("a", limit).allowed);
}

TEST_P(rate_limiter_contract, a_flood_of_keys_does_not_set_a_limited_one_free) {
  bounded_by({.max_limited_keys = 1600});
  const rate login{5, 15min, 0};
  for (int i = 0; i < 5; ++i) take("victim", login);
  for (int i = 0; i < 20'000; ++i) take("flood:" + std::to_string(i), login);
  EXPECT_FALSE(take("victim", login).allowed);
}

INSTANTIATE_TEST_SUITE_P(engines, rate_limiter_contract, testing::ValuesIn(worlds()), name_of_world);

}  // namespace
}  // namespace nxg::coordination
