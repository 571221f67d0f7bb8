#include "coordination/coalescer.hpp"

#include "resilience/one_shot.hpp"
#include "resilience/tests/spawned.hpp"
#include "runtime/io_pool.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::coordination {
namespace {

namespace asio = boost::asio;
using resilience::one_shot;
using testing_support::settle;
using testing_support::spawned;

enum how : int { well, badly };

/// Runs that end when they are told to.
class coalescer_test : public testing::Test {
 protected:
  auto ask(const std::string& key = "day") { return spawned{executor{context_.get_executor()}, asked(key)}; }
  task<bool> asked(std::string key) {
    const coalescer::work make = [this]() -> task<void> {
      runs_.emplace_back();
      const int ended = co_await one_shot{runs_.back()}.wait();
      if (ended == badly) throw std::runtime_error{"the store is away"};
    };
    co_await crowd_.run(key, make);
    co_return true;
  }
  void end_run(std::size_t number, how ended = well) {
    ASSERT_LT(number, runs_.size());
    runs_[number].fire(ended);
    settle(context_);
  }

  coalescer crowd_;
  std::vector<one_shot> runs_;
  asio::io_context context_;  // ends first, with whoever still waits
};

TEST_F(coalescer_test, all_who_ask_during_a_run_share_the_next) {
  auto first = ask();
  settle(context_);
  std::vector<spawned<bool>> later;
  for (int i = 0; i < 50; ++i) later.push_back(ask());
  settle(context_);
  ASSERT_EQ(runs_.size(), 1u);
  end_run(0);
  EXPECT_TRUE(first.ended());
  EXPECT_FALSE(later.front().ended());
  ASSERT_EQ(runs_.size(), 2u);
  auto last = ask();
  settle(context_);
  end_run(1);
  for (auto& one : later) EXPECT_TRUE(one.ended() && one.result());
  EXPECT_FALSE(last.ended());
  end_run(2);
  EXPECT_TRUE(last.ended());
  EXPECT_EQ(runs_.size(), 3u);
}

TEST_F(coalescer_test, keys_do_not_wait_for_each_other) {
  auto one = ask("monday");
  auto other = ask("tuesday");
  settle(context_);
  EXPECT_EQ(runs_.size(), 2u);
  end_run(1);
  EXPECT_TRUE(other.ended());
  EXPECT_FALSE(one.ended());
}

TEST_F(coalescer_test, what_a_run_throws_reaches_those_who_share_it_and_no_others) {
  auto first = ask();
  settle(context_);
  auto second = ask();
  auto third = ask();
  settle(context_);
  end_run(0, badly);
  EXPECT_THROW(first.result(), std::runtime_error);
  EXPECT_FALSE(second.ended());
  end_run(1, badly);
  EXPECT_THROW(second.result(), std::runtime_error);
  EXPECT_THROW(third.result(), std::runtime_error);
  auto fourth = ask();
  settle(context_);
  end_run(2);
  EXPECT_TRUE(fourth.result());
}

TEST_F(coalescer_test, a_cancelled_run_is_made_by_another_who_shares_it) {
  auto first = ask();
  settle(context_);
  auto second = ask();
  auto third = ask();
  settle(context_);
  end_run(0);
  auto fourth = ask();
  settle(context_);
  second.cancel();
  settle(context_);
  EXPECT_TRUE(second.aborted());
  EXPECT_FALSE(third.ended());
  ASSERT_EQ(runs_.size(), 3u);
  end_run(2);
  EXPECT_TRUE(third.result());
  EXPECT_TRUE(fourth.result());  // had asked before that run began
}

TEST_F(coalescer_test, who_is_cancelled_while_waiting_is_passed_over) {
  auto first = ask();
  settle(context_);
  auto second = ask();
  auto third = ask();
  settle(context_);
  second.cancel();
  settle(context_);
  EXPECT_TRUE(second.aborted());
  end_run(0);
  ASSERT_EQ(runs_.size(), 2u);
  end_run(1);
  EXPECT_TRUE(third.result());
}

TEST(coalescer, no_run_misses_what_was_written_before_it_was_asked_for) {
  coalescer crowd;
  std::atomic<int> written{0}, seen{0}, at_work{0}, runs{0};
  runtime::io_pool pool{4};
  const coalescer::work make = [&]() -> task<void> {
    EXPECT_EQ(++at_work, 1);
    ++runs;
    const int read = written;
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    seen = read;
    --at_work;
  };
  auto job = [&]() -> task<void> {
    for (int i = 0; i < 20; ++i) {
      const int mine = ++written;
      co_await crowd.run("day", make);
      EXPECT_GE(seen, mine);
    }
  };
  std::vector<std::future<void>> all;
  for (std::size_t i = 0; i < 100; ++i) all.push_back(asio::co_spawn(pool.at(i), job(), asio::use_future));
  pool.start();
  for (auto& one : all) one.get();
  EXPECT_EQ(seen, 2'000);
  EXPECT_LT(runs, 2'000);
}

}  // namespace
}  // namespace nxg::coordination
