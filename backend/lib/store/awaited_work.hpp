#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/engine.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// How a coroutine waits for a thread of an engine with a blocking driver. For engines; not part of the port.
namespace nxg::store {

enum class effect : std::uint8_t { reads, writes };

/// What work comes back with; each kind of work fills its part.
struct outcome {
  std::vector<stored_document> documents;
  std::uint64_t number = 0;
  std::vector<write_result> results;
  std::vector<std::string> sentences;
};

/// Work for a thread of an engine, and the coroutine that waits for it. The caller's side (cancelled, out of time) and
/// the thread's side race; whoever is first resumes the caller, on its own executor.
class awaited_work : public std::enable_shared_from_this<awaited_work> {
 public:
  awaited_work(effect of, std::size_t bytes, steady_instant deadline)
      : effect_{of}, bytes_{bytes}, deadline_{deadline} {}
  awaited_work(const awaited_work&) = delete;
  awaited_work& operator=(const awaited_work&) = delete;
  virtual ~awaited_work() = default;

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] steady_instant deadline() const noexcept { return deadline_; }
  /// Nobody waits for it any more.
  [[nodiscard]] bool abandoned() const noexcept { return resumed_.load(std::memory_order_relaxed); }

  /// A thread takes it up. False where the caller is gone: then it must not run.
  bool begin() noexcept;
  void finish(outcome result);
  void fail(std::exception_ptr why);
  /// The caller was cancelled.
  void cancel();
  /// Its time is over.
  void expire();

 private:
  friend task<outcome> wait_for(std::shared_ptr<awaited_work> what, std::function<void()> hand_over);
  enum class phase : std::uint8_t { waiting, begun, over };
  using resumption = std::move_only_function<void(std::exception_ptr, outcome)>;

  /// What a caller hears whose query had begun when its time was over.
  [[nodiscard]] virtual error late_query() const = 0;
  void resume(std::exception_ptr why, outcome result);
  void give_up(std::exception_ptr before_begin, std::exception_ptr while_reading, const char* while_writing);

  effect effect_;
  std::size_t bytes_;
  steady_instant deadline_;
  std::atomic<phase> phase_{phase::waiting};
  std::atomic<bool> resumed_{false};
  resumption resume_;
};

/// Waits until the work has ended. `hand_over` gives it to a thread; an `error` it throws is the result.
task<outcome> wait_for(std::shared_ptr<awaited_work> what, std::function<void()> hand_over);

}  // namespace nxg::store
