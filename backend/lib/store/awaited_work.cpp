#include "store/awaited_work.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace nxg::store {

namespace asio = boost::asio;

namespace {

std::exception_ptr aborted() {
  return std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted});
}

std::exception_ptr store_error(failure what, const char* sentence) {
  return std::make_exception_ptr(error{what, sentence});
}

}  // namespace

bool awaited_work::begin() noexcept {
  auto expected = phase::waiting;
  return phase_.compare_exchange_strong(expected, phase::begun);
}

void awaited_work::finish(outcome result) { resume(nullptr, std::move(result)); }
void awaited_work::fail(std::exception_ptr why) { resume(std::move(why), {}); }

void awaited_work::cancel() { give_up(aborted(), aborted(), "the caller went while the write was under way"); }

void awaited_work::expire() {
  give_up(store_error(failure::busy, "the store did not come to it in time"), std::make_exception_ptr(late_query()),
          "the write took longer than its time");
}

void awaited_work::give_up(std::exception_ptr before_begin, std::exception_ptr while_reading,
                           const char* while_writing) {
  auto expected = phase::waiting;
  if (phase_.compare_exchange_strong(expected, phase::over)) return resume(std::move(before_begin), {});
  if (effect_ == effect::reads) return resume(std::move(while_reading), {});
  resume(store_error(failure::outcome_unknown, while_writing), {});
}

void awaited_work::resume(std::exception_ptr why, outcome result) {
  if (!resumed_.exchange(true)) resume_(std::move(why), std::move(result));
}

task<outcome> wait_for(std::shared_ptr<awaited_work> what, std::function<void()> hand_over) {
  auto start = [&hand_over](auto handler, std::shared_ptr<awaited_work> one) {
    const auto slot = asio::get_associated_cancellation_slot(handler);
    auto where = asio::get_associated_executor(handler);
    // The guard keeps the caller's loop alive while the engine's threads have its work.
    one->resume_ = [handler = std::move(handler), busy = asio::make_work_guard(where)](std::exception_ptr why,
                                                                                       outcome result) mutable {
      const auto executor = busy.get_executor();
      asio::post(executor, [handler = std::move(handler), busy = std::move(busy), why = std::move(why),
                            result = std::move(result)]() mutable {
        asio::get_associated_cancellation_slot(handler).clear();
        std::move(handler)(std::move(why), std::move(result));
      });
    };
    if (slot.is_connected()) {
      auto cancellation = slot;
      cancellation.assign([weak = std::weak_ptr{one}](asio::cancellation_type) {
        if (const auto self = weak.lock()) self->cancel();
      });
    }
    try {
      hand_over();
    } catch (const error&) {
      one->fail(std::current_exception());
    }
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, outcome)>(
      start, asio::use_awaitable, std::move(what));
}

}  // namespace nxg::store
