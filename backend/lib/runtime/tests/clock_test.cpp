#include "runtime/clock.hpp"
#include "runtime/timer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace nxg::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST(clock, an_adjustable_clock_jumps_and_a_real_one_does_not) {
  clock adjustable{clock::mode::adjustable};
  clock real;
  const auto before = adjustable.now();
  adjustable.advance(4h);
  real.advance(4h);
  EXPECT_GE(adjustable.now() - before, 4h);
  EXPECT_LT(real.now() - before, 1h);
}

TEST(timer, four_hours_pass_when_the_clock_says_so) {
  asio::io_context context;
  clock time{clock::mode::adjustable};
  bool done = false;
  auto job = [&]() -> task<> {
    co_await sleep_for(time, 4h);
    done = true;
  };
  asio::co_spawn(context, job(), asio::detached);
  context.poll();
  time.advance(3h);
  context.poll();
  EXPECT_FALSE(done);
  time.advance(1h);
  context.run();
  EXPECT_TRUE(done);
}

TEST(timer, arming_again_or_cancelling_reports_the_earlier_wait_as_not_fired) {
  asio::io_context context;
  clock time;
  timer waiting{context.get_executor(), time};
  std::vector<std::pair<char, bool>> calls;
  waiting.async_wait(time.steady() + 1h, [&](bool fired) { calls.emplace_back('a', fired); });
  waiting.async_wait(time.steady() + 1h, [&](bool fired) { calls.emplace_back('b', fired); });
  waiting.cancel();
  context.run();
  EXPECT_EQ(calls, (std::vector<std::pair<char, bool>>{{'a', false}, {'b', false}}));
}

TEST(timer, a_waiter_ends_with_its_context) {
  for (const auto mode : {clock::mode::real, clock::mode::adjustable}) {
    clock time{mode};
    const auto held = std::make_shared<int>();
    {
      asio::io_context context;
      auto sleep = [](clock& by, std::shared_ptr<int>) -> task<void> { co_await sleep_for(by, 1h); };
      asio::co_spawn(context, sleep(time, held), asio::detached);
      context.poll();
      EXPECT_GT(held.use_count(), 1);
    }
    EXPECT_EQ(held.use_count(), 1);
  }
}

TEST(timer, cancelling_the_coroutine_aborts_the_wait) {
  asio::io_context context;
  clock time;
  asio::cancellation_signal cancel;
  std::exception_ptr error;
  asio::co_spawn(context, sleep_for(time, 1h),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) { error = e; }));
  context.poll();
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
}

}  // namespace
}  // namespace nxg::runtime
