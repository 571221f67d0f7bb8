#include "suite.hpp"

#include "store/leases.hpp"

#include "runtime/timer.hpp"

#include <boost/system/system_error.hpp>

namespace nxg::store::testing {

namespace {

using std::chrono::seconds;

class two_holders {
 public:
  explicit two_holders(database& base) : ann{base, "ann"}, bob{base, "bob"} {}
  leases ann, bob;
};

TEST_P(store_contract, a_lease_has_one_holder) {
  two_holders of{base};
  run(prepare(base));
  const auto first = run(of.ann.acquire("job", seconds{10}));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->token, 1);
  EXPECT_FALSE(run(of.bob.acquire("job", seconds{10})));
  EXPECT_TRUE(run(of.bob.acquire("other job", seconds{10})));
  EXPECT_EQ(run(of.ann.acquire("job", seconds{10}))->token, 1);  // has it already
}

TEST_P(store_contract, an_expired_lease_goes_to_the_next_with_a_greater_token) {
  two_holders of{base};
  run(prepare(base));
  const auto first = run(of.ann.acquire("job", seconds{10}));
  time.advance(seconds{5});
  EXPECT_TRUE(run(of.ann.renew(*first, seconds{10})));
  time.advance(seconds{11});
  EXPECT_FALSE(run(of.ann.renew(*first, seconds{10})));
  const auto second = run(of.bob.acquire("job", seconds{10}));
  ASSERT_TRUE(second);
  EXPECT_GT(second->token, first->token);
  run(of.ann.release(*first));  // too late: it is not hers
  EXPECT_FALSE(run(of.ann.acquire("job", seconds{10})));
  run(of.bob.release(*second));
  EXPECT_GT(run(of.ann.acquire("job", seconds{10}))->token, second->token);
}

TEST_P(store_contract, work_runs_under_a_lease_and_gives_it_back) {
  two_holders of{base};
  run(prepare(base));
  int ran = 0;
  const std::function<task<void>(const lease&)> work = [&](const lease& held) -> task<void> {
    ++ran;
    EXPECT_EQ(held.holder, "ann");
    EXPECT_FALSE(co_await of.bob.acquire("job", seconds{10}));
  };
  EXPECT_TRUE(run(of.ann.run("job", seconds{10}, work)));
  EXPECT_EQ(ran, 1);
  ASSERT_TRUE(run(of.bob.acquire("job", seconds{10})));
  EXPECT_FALSE(run(of.ann.run("job", seconds{10}, work)));
  EXPECT_EQ(ran, 1);
}

TEST_P(store_contract, what_work_throws_comes_out_after_the_release) {
  two_holders of{base};
  run(prepare(base));
  const std::function<task<void>(const lease&)> work = [](const lease&) -> task<void> {
    throw std::runtime_error{"broken"};
    co_return;
  };
  EXPECT_THROW(run(of.ann.run("job", seconds{10}, work)), std::runtime_error);
  EXPECT_TRUE(run(of.bob.acquire("job", seconds{10})));
}

TEST_P(store_contract, work_that_lost_its_lease_is_cancelled) {
  two_holders of{base};
  run(prepare(base));
  bool cancelled = false;
  const std::function<task<void>(const lease&)> work = [&](const lease&) -> task<void> {
    // The process stalls; meanwhile the lease expires and another takes it.
    time.advance(seconds{11});
    const auto theirs = co_await of.bob.acquire("job", std::chrono::hours{1});
    EXPECT_TRUE(theirs);
    try {
      co_await runtime::sleep_for(time, std::chrono::hours{24});
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
  };
  EXPECT_TRUE(failure_of(of.ann.run("job", seconds{10}, work)).is(failure::busy));
  EXPECT_TRUE(cancelled);
}

}  // namespace

}  // namespace nxg::store::testing
