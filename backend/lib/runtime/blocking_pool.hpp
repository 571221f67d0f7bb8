#pragma once

#include "runtime/task.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace nxg::runtime {

/// Thrown at once when every thread is at work and the queue is full: the caller answers "busy" instead of waiting.
class pool_exhausted : public std::runtime_error {
 public:
  explicit pool_exhausted(const std::string& pool)
      : std::runtime_error{"all workers of the " + pool + " pool are busy"} {}
};

/// Threads for work that blocks (drivers, password hashing), with a bounded queue. Destroyed before the callers' loops.
class blocking_pool {
 public:
  blocking_pool(std::string name, std::size_t threads, std::size_t max_queued);
  /// Finishes what was accepted, then joins the threads.
  ~blocking_pool();
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  /// Runs `work` on a thread of the pool and resumes the caller on its own executor with the result or exception.
  /// Cancelled, the caller resumes at once with `operation_aborted`; work that began goes on and its result is dropped.
  template <class Work>
  task<std::invoke_result_t<Work>> run(Work work);

  /// Throws `pool_exhausted`.
  void post(std::move_only_function<void()> job);

  [[nodiscard]] std::size_t queued() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

template <class Work>
task<std::invoke_result_t<Work>> blocking_pool::run(Work work) {
  using result = std::invoke_result_t<Work>;
  using slot = std::conditional_t<std::is_void_v<result>, char, std::optional<result>>;
  namespace asio = boost::asio;

  auto start = [this]<class Handler>(Handler resume, Work job) {
    // Whoever sets `claimed` first, the worker or the cancellation, completes the handler.
    struct operation {
      explicit operation(Handler h) : handler{std::move(h)}, where{asio::get_associated_executor(handler)} {}
      void complete(std::exception_ptr error, slot value) {
        if (claimed.exchange(true)) return;
        asio::post(where, [h = std::move(handler), error, value = std::move(value)]() mutable {
          asio::get_associated_cancellation_slot(h).clear();
          std::move(h)(error, std::move(value));
        });
      }
      std::atomic<bool> claimed{false};
      Handler handler;
      asio::associated_executor_t<Handler> where;
    };
    auto cancellation = asio::get_associated_cancellation_slot(resume);
    auto waiting = std::make_shared<operation>(std::move(resume));
    if (cancellation.is_connected()) {
      cancellation.assign([weak = std::weak_ptr{waiting}](asio::cancellation_type) {
        if (auto self = weak.lock()) {
          self->complete(std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted}), slot{});
        }
      });
    }
    try {
      post([waiting, job = std::move(job)]() mutable {
        if (waiting->claimed) return;
        std::exception_ptr error;
        slot value{};
        try {
          if constexpr (std::is_void_v<result>) {
            job();
          } else {
            value.emplace(job());
          }
        } catch (...) {
          error = std::current_exception();
        }
        waiting->complete(error, std::move(value));
      });
    } catch (const pool_exhausted&) {
      waiting->complete(std::current_exception(), slot{});
    }
  };
  auto value = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, slot)>(
      start, asio::use_awaitable, std::move(work));
  if constexpr (!std::is_void_v<result>) co_return std::move(*value);
}

}  // namespace nxg::runtime
