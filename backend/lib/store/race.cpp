#include "store/race.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

namespace nxg::store::detail {

namespace {

/// `||` waits for the first success: a failure has to look like one.
task<std::exception_ptr> caught(task<void> work) {
  std::exception_ptr thrown;
  try {
    co_await std::move(work);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_return thrown;
}

}  // namespace

task<race_result> race(task<void> work, task<void> limit) {
  using namespace boost::asio::experimental::awaitable_operators;
  const auto first = co_await (caught(std::move(work)) || std::move(limit));
  race_result result;
  result.work_ended = first.index() == 0;
  if (result.work_ended) result.thrown = std::get<0>(first);
  co_return result;
}

}  // namespace nxg::store::detail
