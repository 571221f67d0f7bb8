#include "coordination/shared_quota.hpp"
#include "coordination/tests/contract_fixture.hpp"

namespace nxg::coordination {
namespace {

using namespace std::chrono_literals;

class shared_quota_contract : public contract {
 protected:
  resilience::allowance here_may(resilience::quota_options options) {
    return shared_quota(here(), world_->time(), "wps", options);
  }
  resilience::allowance there_may(resilience::quota_options options) {
    return shared_quota(there(), world_->time(), "wps", options);
  }
};

TEST_P(shared_quota_contract, is_one_for_all_processes_whatever_their_number_is_said_to_be) {
  const resilience::quota_options options{.granted = {21, 1h, 20}, .processes = 4};
  const auto first = here_may(options);
  const auto second = there_may(options);
  int granted = 0;
  for (int i = 0; i < 40; ++i) granted += get(i % 2 == 0 ? first(false) : second(false)).allowed ? 1 : 0;
  EXPECT_LE(granted, 20);
  EXPECT_GE(granted, 18) << "what a process leased and did not use";
  EXPECT_GT(get(first(false)).retry_after, 0ms);
}

TEST_P(shared_quota_contract, jobs_of_all_processes_leave_a_reserve_to_people) {
  const resilience::quota_options options{.granted = {11, 1h, 10}, .reserved_for_interactive = 0.5};
  const auto first = here_may(options);
  const auto second = there_may(options);
  int jobs = 0;
  while (jobs < 20 && get(jobs % 2 == 0 ? first(true) : second(true)).allowed) ++jobs;
  EXPECT_LE(jobs, 5);
  EXPECT_GE(jobs, 4) << "what a process leased and did not use";
  EXPECT_FALSE(get(first(true)).allowed);
  EXPECT_TRUE(get(second(false)).allowed);
}

TEST_P(shared_quota_contract, services_have_one_each_and_without_a_number_none) {
  const resilience::quota_options once{.granted = {1, 1h, 0}};
  const auto plans = shared_quota(here(), world_->time(), "wps", once);
  const auto meals = shared_quota(here(), world_->time(), "mds", once);
  EXPECT_TRUE(get(plans(false)).allowed);
  EXPECT_FALSE(get(plans(false)).allowed);
  EXPECT_TRUE(get(meals(false)).allowed);
  EXPECT_FALSE(shared_quota(here(), world_->time(), "scs-results", {})) << "nobody is asked";
}

INSTANTIATE_TEST_SUITE_P(all, shared_quota_contract, testing::ValuesIn(worlds()), name_of_world);

}  // namespace
}  // namespace nxg::coordination
