#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/engine.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nxg::store::sqlite {

class connection;

/// What a request comes back with; each kind of request fills its part.
struct outcome {
  std::vector<stored_document> documents;
  std::uint64_t number = 0;
  std::vector<write_result> results;
  std::vector<std::string> sentences;
};

/// Work for a thread of the engine, and the coroutine that waits for it. The caller's side (cancelled, out of time) and
/// the thread's side race; whoever is first resumes the caller, on its own executor.
class request : public std::enable_shared_from_this<request> {
 public:
  enum class effect : std::uint8_t { reads, writes };

  request(effect what, std::size_t operations, std::size_t bytes, steady_instant deadline)
      : effect_{what}, operations_{operations}, bytes_{bytes}, deadline_{deadline} {}
  request(const request&) = delete;
  request& operator=(const request&) = delete;
  virtual ~request() = default;

  /// Reads: the query. Writes: one step of a batch; what it throws concerns this request alone, except `failed` with a
  /// code that ends the transaction. Runs on a thread of the engine.
  virtual outcome run(connection& on) = 0;
  /// Not to share its transaction with others; makes its own.
  [[nodiscard]] virtual bool alone() const noexcept { return false; }

  [[nodiscard]] std::size_t operations() const noexcept { return operations_; }
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
  friend task<outcome> wait_for(std::shared_ptr<request> what, class request_queue& in);
  enum class phase : std::uint8_t { waiting, begun, over };
  using resumption = std::move_only_function<void(std::exception_ptr, outcome)>;

  void resume(std::exception_ptr why, outcome result);
  void give_up(std::exception_ptr before_begin, std::exception_ptr while_reading);

  effect effect_;
  std::size_t operations_;
  std::size_t bytes_;
  steady_instant deadline_;
  std::atomic<phase> phase_{phase::waiting};
  std::atomic<bool> resumed_{false};
  resumption resume_;
};

/// A bounded queue in front of the engine's threads. Thread-safe.
class request_queue {
 public:
  request_queue(std::string name, std::size_t most, std::size_t most_bytes)
      : name_{std::move(name)}, most_{most}, most_bytes_{most_bytes} {}

  /// Throws `error` (busy) when it is full, (unavailable) when it is closed.
  void push(std::shared_ptr<request> one);
  /// Waits for requests; takes the oldest, and more up to that many operations. Empty when closed and nothing is left.
  std::vector<std::shared_ptr<request>> take(std::size_t most_operations);
  /// What was taken is done.
  void done(const std::vector<std::shared_ptr<request>>& taken);
  /// Ends the wait of those whose time is over.
  void expire(steady_instant now);
  /// Nothing new; what is queued is still done.
  void close();
  [[nodiscard]] std::size_t size() const;

 private:
  std::string name_;
  std::size_t most_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::shared_ptr<request>> waiting_;
  std::list<std::shared_ptr<request>> running_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

/// Queues the request and waits for it.
task<outcome> wait_for(std::shared_ptr<request> what, request_queue& in);

}  // namespace nxg::store::sqlite
