#pragma once

#include "runtime/task.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace nxg::runtime {

/// One single-threaded `io_context` per core. What runs on one of them needs no locks against itself.
class io_pool {
 public:
  /// `threads` 0 means one per core.
  explicit io_pool(std::size_t threads = 0);
  ~io_pool();
  io_pool(const io_pool&) = delete;
  io_pool& operator=(const io_pool&) = delete;

  [[nodiscard]] std::size_t size() const noexcept;
  /// The executor of one core; `core` is taken modulo the number of cores.
  [[nodiscard]] executor at(std::size_t core) const;
  /// The core the calling thread runs, or `size()` when it is none of ours.
  [[nodiscard]] std::size_t current() const noexcept;

  /// Starts the threads and returns.
  void start();
  /// Ends the loops and joins the threads; what was queued is destroyed unrun.
  void stop();

 private:
  struct loop;
  std::vector<std::unique_ptr<loop>> cores_;
};

}  // namespace nxg::runtime
