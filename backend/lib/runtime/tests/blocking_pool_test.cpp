#include "runtime/blocking_pool.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace nxg::runtime {
namespace {

namespace asio = boost::asio;

TEST(blocking_pool, resumes_the_caller_on_its_own_thread_with_the_result) {
  asio::io_context context;
  blocking_pool pool{"test", 1, 1};
  int result = 0;
  std::thread::id worker;
  std::thread::id resumed;
  auto job = [&]() -> task<> {
    result = co_await pool.run([&] {
      worker = std::this_thread::get_id();
      return 42;
    });
    resumed = std::this_thread::get_id();
  };
  asio::co_spawn(context, job(), asio::detached);
  context.run();
  EXPECT_EQ(result, 42);
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

TEST(blocking_pool, carries_an_exception_to_the_caller) {
  asio::io_context context;
  blocking_pool pool{"test", 1, 1};
  std::exception_ptr error;
  auto job = [&]() -> task<> { co_await pool.run([] { throw std::runtime_error{"no"}; }); };
  asio::co_spawn(context, job(), [&](std::exception_ptr e) { error = e; });
  context.run();
  EXPECT_THROW(std::rethrow_exception(error), std::runtime_error);
}

TEST(blocking_pool, refuses_at_once_when_workers_and_queue_are_full) {
  std::promise<void> release;
  auto released = release.get_future().share();
  blocking_pool pool{"test", 1, 1};
  pool.post([released] { released.wait(); });
  pool.post([] {});
  EXPECT_THROW(pool.post([] {}), pool_exhausted);
  release.set_value();
}

TEST(blocking_pool, a_cancelled_caller_resumes_while_its_work_still_hangs) {
  std::promise<void> release;
  std::promise<void> began;
  auto released = release.get_future().share();
  asio::io_context context;
  blocking_pool pool{"test", 1, 1};
  asio::cancellation_signal cancel;
  std::exception_ptr error;
  auto job = [&]() -> task<> {
    co_await pool.run([&] {
      began.set_value();
      released.wait();
    });
  };
  asio::co_spawn(context, job(), asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) { error = e; }));
  context.poll();
  began.get_future().wait();
  cancel.emit(asio::cancellation_type::terminal);
  context.restart();
  context.run();
  EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
  release.set_value();
}

}  // namespace
}  // namespace nxg::runtime
