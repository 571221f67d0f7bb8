#pragma once

#include "coordination/cache.hpp"
#include "resilience/one_shot.hpp"

#include <atomic>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace nxg::coordination {

/// Of those in this process who want one key made at the same time, one makes it and the others wait for it. If that
/// one is cancelled, the next in line makes it. Thread-safe.
class single_flight {
 public:
  class flight {
   public:
    /// Somebody stored or removed the key meanwhile: what is being made may be older.
    [[nodiscard]] bool outdated() const noexcept { return outdated_; }

   private:
    friend class single_flight;
    std::atomic<bool> outdated_{false};
    std::list<resilience::one_shot> waiting_;
    cached result_{};
    std::exception_ptr error_;
  };
  /// What it throws reaches all, unless its coroutine was cancelled.
  using work = std::function<task<cached>(const flight&)>;

  /// `key` and `make` must live until it ends.
  task<cached> join(const std::string& key, const work& make);
  void outdate(std::string_view key);

 private:
  class leadership;
  void land(const std::string& key, flight& landed);
  void hand_over(const std::string& key, flight& left);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<flight>, std::less<>> flights_;
};

/// What a fill made, or why it made nothing.
struct filled {
  std::shared_ptr<const std::string> value;
  std::exception_ptr error;
};
/// Throws only where its coroutine was cancelled.
task<filled> run(const cache::fill_function& fill);

}  // namespace nxg::coordination
