#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/engine.hpp"
#include "store/mongodb/failures.hpp"
#include "store/mongodb/session.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::store::mongodb {

class workers;

/// What a call comes back with; each kind fills its part.
struct outcome {
  std::vector<stored_document> documents;
  std::uint64_t number = 0;
  std::vector<write_result> results;
};

/// Work for a worker, and the coroutine that waits for it. The caller's side (cancelled, out of time) and the worker's
/// side race; whoever is first resumes the caller, on its own executor. The worker then ends by its own time-outs.
class call : public std::enable_shared_from_this<call> {
 public:
  using job = std::move_only_function<outcome(session&)>;
  call(effect of, std::size_t bytes, steady_instant deadline, job work)
      : effect_{of}, bytes_{bytes}, deadline_{deadline}, job_{std::move(work)} {}
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  [[nodiscard]] effect of() const noexcept { return effect_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] steady_instant deadline() const noexcept { return deadline_; }
  /// Nobody waits for it any more.
  [[nodiscard]] bool abandoned() const noexcept { return resumed_.load(std::memory_order_relaxed); }

  /// A worker takes it up. False where the caller is gone: then it must not run.
  bool begin() noexcept;
  /// Runs it and resumes the caller with what comes of it.
  void run(session& on);
  void fail(std::exception_ptr why);
  void cancel();
  void expire();

 private:
  friend task<outcome> wait_for(std::shared_ptr<call> what, workers& in);
  enum class phase : std::uint8_t { waiting, begun, over };
  using resumption = std::move_only_function<void(std::exception_ptr, outcome)>;

  void resume(std::exception_ptr why, outcome result);
  void give_up(std::exception_ptr before_begin, std::exception_ptr while_reading);

  effect effect_;
  std::size_t bytes_;
  steady_instant deadline_;
  job job_;
  std::atomic<phase> phase_{phase::waiting};
  std::atomic<bool> resumed_{false};
  resumption resume_;
};

/// Hands the call to a worker and waits for it, until its deadline at the longest.
task<outcome> wait_for(std::shared_ptr<call> what, workers& in);

}  // namespace nxg::store::mongodb
