#include "resilience/policy.hpp"

#include "runtime/timer.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nxg::resilience {

namespace asio = boost::asio;

task<bool> finish_by(runtime::clock& time, steady_instant until, task<void> work) {
  const auto where = co_await asio::this_coro::executor;
  asio::cancellation_signal stop;
  bool out_of_time = false;
  runtime::timer limit{where, time};
  limit.async_wait(until, [&](bool fired) {
    if (!fired) return;  // then the frame may be gone
    out_of_time = true;
    stop.emit(asio::cancellation_type::terminal);
  });
  std::exception_ptr error;
  auto start = [&](auto resume, task<void> job) {
    auto outer = asio::get_associated_cancellation_slot(resume);
    if (outer.is_connected()) outer.assign([&stop](asio::cancellation_type how) { stop.emit(how); });
    asio::co_spawn(where, std::move(job),
                   asio::bind_cancellation_slot(
                       stop.slot(), [outer, &error, resume = std::move(resume)](std::exception_ptr thrown) mutable {
                         if (outer.is_connected()) outer.clear();
                         error = thrown;
                         std::move(resume)();
                       }));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable, std::move(work));
  if (!error) co_return true;
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  // After our own cancellation whatever it throws only says that it was cancelled.
  if (out_of_time && cancelled == asio::cancellation_type::none) co_return false;
  std::rethrow_exception(error);
}

}  // namespace nxg::resilience
