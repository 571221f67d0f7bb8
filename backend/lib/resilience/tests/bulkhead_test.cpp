#include "resilience/bulkhead.hpp"
#include "resilience/one_shot.hpp"

#include "resilience/tests/spawned.hpp"
#include "runtime/io_pool.hpp"

#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace nxg::resilience {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing_support::settle;
using testing_support::spawned;

class bulkhead_test : public testing::Test {
 protected:
  auto enter(bulkhead& in, std::chrono::milliseconds deadline = 1h) {
    return spawned{executor{context_.get_executor()}, in.enter(time_.steady() + deadline)};
  }
  runtime::clock time_{runtime::clock::mode::adjustable};
  asio::io_context context_;  // ends first, with whoever still waits
};

TEST_F(bulkhead_test, lets_so_many_in_and_the_next_when_one_leaves_in_order) {
  bulkhead places{{.max_running = 2, .max_waiting = 2, .max_wait = 1s}, time_};
  auto one = enter(places);
  auto two = enter(places);
  auto three = enter(places);
  settle(context_);
  auto four = enter(places);
  settle(context_);
  EXPECT_TRUE(one.result() && two.result());
  EXPECT_FALSE(three.ended() || four.ended());
  EXPECT_EQ(places.running(), 2u);
  EXPECT_EQ(places.waiting(), 2u);
  one.result().reset();
  settle(context_);
  EXPECT_TRUE(three.ended());
  EXPECT_FALSE(four.ended());
  three.result().reset();
  two.result().reset();
  settle(context_);
  EXPECT_TRUE(four.result());
  four.result().reset();
  EXPECT_EQ(places.running(), 0u);
}

TEST_F(bulkhead_test, refuses_at_once_when_the_line_is_full) {
  bulkhead places{{.max_running = 1, .max_waiting = 1, .max_wait = 1s}, time_};
  auto one = enter(places);
  auto two = enter(places);
  settle(context_);
  auto three = enter(places);
  settle(context_);
  ASSERT_TRUE(three.ended());
  EXPECT_FALSE(three.result());
  EXPECT_FALSE(two.ended());
  EXPECT_FALSE(places.try_enter());
}

TEST_F(bulkhead_test, waits_no_longer_than_it_may_nor_than_the_deadline) {
  bulkhead places{{.max_running = 1, .max_waiting = 5, .max_wait = 1s}, time_};
  auto one = enter(places);
  auto patient = enter(places);
  auto hurried = enter(places, 300ms);
  settle(context_);
  time_.advance(300ms);
  settle(context_);
  EXPECT_FALSE(patient.ended());
  ASSERT_TRUE(hurried.ended());
  EXPECT_FALSE(hurried.result());
  time_.advance(700ms);
  settle(context_);
  ASSERT_TRUE(patient.ended());
  EXPECT_FALSE(patient.result());
  EXPECT_EQ(places.waiting(), 0u);
  one.result().reset();
  EXPECT_EQ(places.running(), 0u);
}

TEST_F(bulkhead_test, a_cancelled_waiter_leaves_the_line) {
  bulkhead places{{.max_running = 1, .max_waiting = 5, .max_wait = 1h}, time_};
  auto one = enter(places);
  auto two = enter(places);
  auto three = enter(places);
  settle(context_);
  two.cancel();
  settle(context_);
  EXPECT_TRUE(two.aborted());
  EXPECT_EQ(places.waiting(), 1u);
  one.result().reset();
  settle(context_);
  EXPECT_TRUE(three.result());
}

TEST_F(bulkhead_test, a_place_given_to_one_who_is_being_cancelled_is_not_lost) {
  bulkhead places{{.max_running = 1, .max_waiting = 5, .max_wait = 1h}, time_};
  auto one = enter(places);
  auto two = enter(places);
  settle(context_);
  one.result().reset();
  two.cancel();
  settle(context_);
  ASSERT_TRUE(two.ended());
  if (!two.aborted()) two.result().reset();
  EXPECT_EQ(places.running(), 0u);
}

TEST_F(bulkhead_test, a_permit_may_outlive_it_and_be_moved) {
  std::optional<bulkhead::permit> left;
  {
    bulkhead places{{.max_running = 1, .max_waiting = 0, .max_wait = 1s}, time_};
    left = places.try_enter();
    ASSERT_TRUE(left);
    bulkhead::permit moved = std::move(*left);
    left.reset();
    EXPECT_EQ(places.running(), 1u);
    moved = bulkhead::permit{};
    EXPECT_EQ(places.running(), 0u);
    left = places.try_enter();
  }
}

TEST(bulkhead, holds_its_bound_between_cores) {
  runtime::clock time;
  bulkhead places{{.max_running = 3, .max_waiting = 1000, .max_wait = 1min}, time};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::future<void>> all;
  runtime::io_pool pool{4};
  auto visit = [&]() -> task<void> {
    const auto place = co_await places.enter(time.steady() + 1min);
    EXPECT_TRUE(place);
    const int now = ++inside;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    --inside;
  };
  for (std::size_t i = 0; i < 400; ++i) all.push_back(asio::co_spawn(pool.at(i), visit(), asio::use_future));
  pool.start();
  for (auto& one : all) one.get();
  EXPECT_LE(most, 3);
  EXPECT_EQ(places.running(), 0u);
  EXPECT_EQ(places.waiting(), 0u);
}

TEST(one_shot, gives_the_value_fired_before_or_after_the_wait_and_only_once) {
  asio::io_context context;
  const one_shot early;
  EXPECT_TRUE(early.fire(7));
  EXPECT_FALSE(early.fire(8));
  spawned first{executor{context.get_executor()}, early.wait()};
  const one_shot late;
  spawned second{executor{context.get_executor()}, late.wait()};
  settle(context);
  EXPECT_EQ(first.result(), 7);
  EXPECT_FALSE(second.ended());
  EXPECT_TRUE(late.fire(9));
  settle(context);
  EXPECT_EQ(second.result(), 9);
}

TEST(one_shot, tells_whoever_fires_that_the_waiter_is_gone) {
  asio::io_context context;
  const one_shot signal;
  spawned waiter{executor{context.get_executor()}, signal.wait()};
  settle(context);
  waiter.cancel();
  settle(context);
  EXPECT_TRUE(waiter.aborted());
  EXPECT_FALSE(signal.fire(1));
}

TEST(one_shot, a_waiter_ends_with_its_context) {
  const one_shot signal;
  {
    asio::io_context context;
    const spawned waiter{executor{context.get_executor()}, signal.wait()};
    settle(context);
  }
  EXPECT_FALSE(signal.fire(1));
}

}  // namespace
}  // namespace nxg::resilience
