#include "coordination/in_process.hpp"

#include "runtime/io_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace nxg::coordination {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Many coroutines on several cores at once.
class in_process_threads : public testing::Test {
 protected:
  template <class Job>
  void run_many(std::size_t count, Job job) {
    std::vector<std::future<void>> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(asio::co_spawn(pool_.at(i), job(i), asio::use_future));
    pool_.start();
    for (auto& one : all) one.get();
  }
  runtime::clock time_;
  std::unique_ptr<coordinator> all_ = make_in_process(time_);
  runtime::io_pool pool_{4};
};

TEST_F(in_process_threads, a_value_is_filled_once_for_all_cores) {
  std::atomic<int> fills{0};
  cache::fill_function fill = [&]() -> task<std::optional<std::string>> {
    ++fills;
    for (int i = 0; i < 50; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return "plan";
  };
  auto job = [&](std::size_t) -> task<void> {
    const auto known = co_await all_->cache().get_or_fill("key", {.fresh = 1h}, fill);
    EXPECT_EQ(*known.value, "plan");
  };
  run_many(200, job);
  EXPECT_EQ(fills, 1);
}

TEST_F(in_process_threads, a_limit_holds_over_all_cores) {
  std::atomic<int> allowed{0};
  auto job = [&](std::size_t i) -> task<void> {
    for (int n = 0; n < 50; ++n) {
      const auto answer = co_await all_->rate_limiter().take("shared", {100, 24h, 0});
      if (answer.allowed) ++allowed;
      co_await all_->rate_limiter().take("own:" + std::to_string(i) + std::to_string(n), {1, 1ms, 0});
    }
  };
  run_many(40, job);
  EXPECT_EQ(allowed, 100);
}

TEST_F(in_process_threads, messages_between_cores_arrive_in_order_on_the_subscribers_core) {
  constexpr int messages = 500;
  std::atomic<int> in_order{0};
  std::promise<void> done;
  std::vector<std::unique_ptr<subscription>> subscribed;
  for (std::size_t core = 0; core < 4; ++core) {
    auto handle = [&, core, next = 0](const delivery& one) mutable {
      EXPECT_EQ(pool_.current(), core);
      if (std::stoi(*one.payload) == next++ && ++in_order == 4 * messages) done.set_value();
    };
    subscribed.push_back(all_->bus().subscribe("topic", pool_.at(core), handle));
  }
  auto job = [&](std::size_t) -> task<void> {
    for (int i = 0; i < messages; ++i) all_->bus().publish("topic", std::to_string(i));
    co_return;
  };
  run_many(1, job);
  EXPECT_EQ(done.get_future().wait_for(30s), std::future_status::ready);
}

TEST_F(in_process_threads, presence_agrees_with_itself) {
  auto job = [&](std::size_t i) -> task<void> {
    const auto name = std::to_string(i % 10);
    for (int n = 0; n < 50; ++n) {
      co_await all_->presence().enter("g", name, std::to_string(i), 1h);
      if (n % 2 == 0) co_await all_->presence().leave("g", name, std::to_string(i));
    }
    EXPECT_LE(co_await all_->presence().count("g"), 10u);
  };
  run_many(40, job);
}

TEST(in_process, is_never_degraded) {
  runtime::clock time;
  EXPECT_FALSE(make_in_process(time)->degraded());
}

TEST(in_process, a_subscription_may_outlive_the_bus) {
  runtime::clock time;
  asio::io_context context;
  auto all = make_in_process(time);
  const auto subscribed = all->bus().subscribe("a", context.get_executor(), [](const delivery&) {});
  all->bus().publish("a", "1");
  all.reset();
  context.run();
}

}  // namespace
}  // namespace nxg::coordination
