#include "store/sqlite/request.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace nxg::store::sqlite {

namespace asio = boost::asio;

namespace {

std::exception_ptr aborted() {
  return std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted});
}

std::exception_ptr store_error(failure what, const char* sentence) {
  return std::make_exception_ptr(error{what, sentence});
}

}  // namespace

bool request::begin() noexcept {
  auto expected = phase::waiting;
  return phase_.compare_exchange_strong(expected, phase::begun);
}

void request::finish(outcome result) { resume(nullptr, std::move(result)); }
void request::fail(std::exception_ptr why) { resume(std::move(why), {}); }

void request::cancel() { give_up(aborted(), aborted()); }

void request::expire() {
  give_up(store_error(failure::busy, "the store did not come to it in time"),
          store_error(failure::busy, "the query took longer than its time"));
}

void request::give_up(std::exception_ptr before_begin, std::exception_ptr while_reading) {
  auto expected = phase::waiting;
  if (phase_.compare_exchange_strong(expected, phase::over)) return resume(std::move(before_begin), {});
  if (effect_ == effect::reads) return resume(std::move(while_reading), {});
  resume(store_error(failure::outcome_unknown, "the caller went while the write was under way"), {});
}

void request::resume(std::exception_ptr why, outcome result) {
  if (!resumed_.exchange(true)) resume_(std::move(why), std::move(result));
}

void request_queue::push(std::shared_ptr<request> one) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_) throw error{failure::unavailable, "the store is closed"};
    if (waiting_.size() >= most_ || (bytes_ + one->bytes() > most_bytes_ && !waiting_.empty())) {
      throw error{failure::busy, "the queue of " + name_ + " is full"};
    }
    bytes_ += one->bytes();
    waiting_.push_back(std::move(one));
  }
  filled_.notify_one();
}

std::vector<std::shared_ptr<request>> request_queue::take(std::size_t most_operations) {
  std::unique_lock lock{mutex_};
  filled_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
  std::vector<std::shared_ptr<request>> taken;
  std::size_t operations = 0;
  while (!waiting_.empty()) {
    const auto& next = waiting_.front();
    const bool fits = operations + next->operations() <= most_operations && !next->alone();
    if (!taken.empty() && (!fits || taken.front()->alone())) break;
    operations += next->operations();
    bytes_ -= next->bytes();
    running_.push_back(next);
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

void request_queue::done(const std::vector<std::shared_ptr<request>>& taken) {
  const std::lock_guard lock{mutex_};
  for (const auto& one : taken) {
    const auto found = std::ranges::find(running_, one);
    if (found != running_.end()) running_.erase(found);
  }
}

void request_queue::expire(steady_instant now) {
  std::vector<std::shared_ptr<request>> late;
  {
    const std::lock_guard lock{mutex_};
    const auto is_late = [&](const auto& one) { return one->deadline() <= now; };
    std::ranges::copy_if(running_, std::back_inserter(late), is_late);
    std::ranges::copy_if(waiting_, std::back_inserter(late), is_late);
  }
  for (const auto& one : late) one->expire();
}

void request_queue::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  filled_.notify_all();
}

std::size_t request_queue::size() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

task<outcome> wait_for(std::shared_ptr<request> what, request_queue& in) {
  auto start = [&in](auto handler, std::shared_ptr<request> one) {
    const auto slot = asio::get_associated_cancellation_slot(handler);
    auto where = asio::get_associated_executor(handler);
    // The guard keeps the caller's loop alive while the engine's threads have its request.
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
      in.push(one);
    } catch (const error&) {
      one->fail(std::current_exception());
    }
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, outcome)>(
      start, asio::use_awaitable, std::move(what));
}

}  // namespace nxg::store::sqlite
