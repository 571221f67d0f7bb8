#pragma once

#include "runtime/blocking_pool.hpp"
#include "store/mongodb.hpp"
#include "store/mongodb/call.hpp"
#include "store/mongodb/driver.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace nxg::store::mongodb {

/// The threads that talk to the server, behind a bounded queue.
class workers {
 public:
  workers(driver& with, const mongodb_options& options);
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  /// Throws `error` at once: busy where the queue is full, unavailable where nobody would come to it: no worker gets an
  /// answer any more, or the servers are known to be away (one call at a time then asks whether they still are).
  void submit(std::shared_ptr<call> one);

  [[nodiscard]] std::size_t working() const noexcept { return working_; }
  [[nodiscard]] std::size_t queued() const { return threads_.queued(); }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  void carry_out(call& one);
  void check_stalled() const;
  void note_progress() noexcept { progress_ = std::chrono::steady_clock::now().time_since_epoch().count(); }

  driver* driver_;
  std::size_t number_;
  std::size_t most_bytes_;
  std::chrono::milliseconds stalled_after_;
  std::chrono::milliseconds command_time_;
  std::atomic<std::size_t> working_{0};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::chrono::steady_clock::rep> progress_{0};  ///< when a worker last began or ended something
  std::atomic<bool> probing_{false};
  runtime::blocking_pool threads_;
};

}  // namespace nxg::store::mongodb
