#pragma once

#include "runtime/task.hpp"

#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace nxg::coordination {

/// Work that brings something up to date, asked for by many at the same time: one runs it, and all who ask meanwhile
/// share the next run, because the one at work may have read before what they wrote. So a crowd costs two runs, or a
/// few, whatever its size. Runs of one key never overlap in this process. Thread-safe.
class coalescer {
 public:
  using work = std::function<task<void>()>;

  /// Ends when a run has ended that began after this call. What that run throws reaches all who share it; if its
  /// coroutine is cancelled, another of them runs it. `key` and `make` must live until it ends.
  task<void> run(const std::string& key, const work& make);

 private:
  struct waiter;
  /// While somebody runs: who shares that run, and who waits for the next.
  struct lane {
    std::list<std::shared_ptr<waiter>> joined, waiting;
  };
  class leadership;

  void begin(const std::string& key);
  void end(const std::string& key, const std::exception_ptr& thrown);
  void give_up(const std::string& key);
  void pass_on(const std::string& key);

  std::mutex mutex_;
  std::map<std::string, lane, std::less<>> lanes_;
};

}  // namespace nxg::coordination
