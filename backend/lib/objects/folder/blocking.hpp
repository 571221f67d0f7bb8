#pragma once

#include "objects/errors.hpp"
#include "resilience/policy.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace nxg::objects::folder {

enum class effect : std::uint8_t { reads, writes };

/// The threads for what blocks, and how long a caller waits for them. What began goes on after its caller went, so a
/// job owns all it needs.
class blocking {
 public:
  blocking(runtime::clock& time, std::size_t threads, std::size_t max_queued, std::chrono::milliseconds time_out)
      : time_{time}, time_out_{time_out}, pool_{"object folder", threads, max_queued} {}

  template <class Job>
  task<std::invoke_result_t<Job&>> run(effect how, Job job) {
    using result = std::invoke_result_t<Job&>;
    const auto begun = std::make_shared<std::atomic<bool>>(false);
    const auto made = std::make_shared<outcome<result>>();
    auto begins = [begun, made, job = std::move(job)]() mutable {
      *begun = true;
      try {
        if constexpr (std::is_void_v<result>) {
          job();
        } else {
          made->value = job();
        }
      } catch (const error& why) {
        made->failed = true;
        made->how = why.failed();
        made->text = why.what();
      }
    };
    task<void> work = on_pool(pool_, std::move(begins));
    const bool ended = co_await resilience::finish_by(time_, time_.steady() + time_out_, std::move(work));
    if (!ended) late(how, *begun);
    if (made->failed) throw error{made->how, made->text};
    if constexpr (!std::is_void_v<result>) co_return std::move(made->value);
  }

  /// For what nobody waits for; on this thread where the others are too busy.
  void later(std::move_only_function<void()> job) {
    const auto shared = std::make_shared<std::move_only_function<void()>>(std::move(job));
    try {
      pool_.post([shared] { (*shared)(); });
    } catch (const runtime::pool_exhausted&) {
      (*shared)();
    }
  }

 private:
  /// What a job comes to, in words: an exception itself would be let go on two threads at once.
  template <class T>
  struct outcome {
    std::conditional_t<std::is_void_v<T>, char, T> value{};
    bool failed = false;
    failure how = failure::unavailable;
    std::string text{};
  };

  template <class Job>
  static task<void> on_pool(runtime::blocking_pool& pool, Job job) {
    try {
      co_await pool.run(std::move(job));
    } catch (const runtime::pool_exhausted&) {
      throw error{failure::busy, "all threads of the folder of objects are at work"};
    }
  }

  [[noreturn]] static void late(effect how, bool begun) {
    if (!begun) throw error{failure::busy, "the folder of objects did not come to it in time"};
    if (how == effect::writes) throw error{failure::outcome_unknown, "an object was not written in time"};
    throw error{failure::unavailable, "an object was not read in time"};
  }

  runtime::clock& time_;
  const std::chrono::milliseconds time_out_;
  runtime::blocking_pool pool_;
};

}  // namespace nxg::objects::folder
