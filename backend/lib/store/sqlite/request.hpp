#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/awaited_work.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nxg::store::sqlite {

class connection;

/// Work for a thread of the engine.
class request : public awaited_work {
 public:
  request(effect of, std::size_t operations, std::size_t bytes, steady_instant deadline)
      : awaited_work{of, bytes, deadline}, operations_{operations} {}

  /// Reads: the query. Writes: one step of a batch; what it throws concerns this request alone, except `failed` with a
  /// code that ends the transaction. Runs on a thread of the engine.
  virtual outcome run(connection& on) = 0;
  /// Not to share its transaction with others; makes its own.
  [[nodiscard]] virtual bool alone() const noexcept { return false; }
  [[nodiscard]] std::size_t operations() const noexcept { return operations_; }

 private:
  [[nodiscard]] error late_query() const override { return {failure::busy, "the query took longer than its time"}; }

  std::size_t operations_;
};

/// A bounded queue in front of the engine's threads. Thread-safe.
///
/// Waking a thread costs more than a usual query takes. So a few requests may wait for a thread that is awake already;
/// another is woken when they are more, or when what runs seems to take its time (and by `expire` at the latest).
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
  /// Ends the wait of those whose time is over. Called now and then.
  void expire(steady_instant now);
  /// Nothing new; what is queued is still done.
  void close();
  [[nodiscard]] std::size_t size() const;

  /// So many may wait behind each thread that is awake.
  static constexpr std::size_t few = 8;
  /// A query that runs longer is waited for by nobody.
  static constexpr std::chrono::microseconds usual{500};

 private:
  /// Under the mutex: whether a thread has to be woken for what waits; then it counts as woken.
  [[nodiscard]] bool wake_another(bool at_once);

  std::string name_;
  std::size_t most_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::shared_ptr<request>> waiting_;
  std::list<std::shared_ptr<request>> running_;
  std::size_t bytes_ = 0;
  std::size_t idle_ = 0;    // threads that wait in `take`
  std::size_t waking_ = 0;  // of these, woken and not yet here
  std::size_t busy_ = 0;    // threads with something taken
  steady_instant last_taken_{};
  bool closed_ = false;
};

/// Queues the request and waits for it.
task<outcome> wait_for(std::shared_ptr<request> what, request_queue& in);

}  // namespace nxg::store::sqlite
