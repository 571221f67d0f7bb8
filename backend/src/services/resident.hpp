#pragma once

#include "coordination/coalescer.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/errors.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace nxg {

/// What the whole process reads and hardly anybody writes, held in memory as one immutable snapshot. A change by this
/// or another process is noticed within ten seconds; while the store is away the last known snapshot goes on being
/// served. Thread-safe.
template <class Snapshot>
class resident {
 public:
  struct source {
    /// When anything in the store changed last; nothing while there is nothing.
    std::function<task<std::optional<instant>>()> changed_at;
    std::function<task<std::shared_ptr<const Snapshot>>()> read;
  };
  /// A snapshot made of all documents of a repository, which must outlive it.
  template <class Documents>
  [[nodiscard]] static source all_of(Documents& documents) {
    return {.changed_at = [&documents] { return documents.changed_at(); },
            .read = [&documents] { return read_all(documents); }};
  }

  /// The clock must outlive it.
  resident(source from, runtime::clock& time) : from_{std::move(from)}, time_{time} {}

  /// Throws what the store throws only while nothing has ever been read.
  task<std::shared_ptr<const Snapshot>> current() {
    if (due()) {
      try {
        co_await refresh();
      } catch (const store::error&) {
        if (!known()) {
          look_again();
          throw;
        }
      }
    }
    // Another request reads it for the first time.
    if (!known()) co_await refresh();
    co_return known();
  }

 private:
  static constexpr std::chrono::seconds looked_at_every{10};

  [[nodiscard]] std::shared_ptr<const Snapshot> known() const {
    const std::scoped_lock lock{mutex_};
    return snapshot_;
  }
  [[nodiscard]] bool due() {
    const std::scoped_lock lock{mutex_};
    const auto now = time_.steady();
    if (looked_at_ && now - *looked_at_ < looked_at_every) return false;
    looked_at_ = now;
    return true;
  }
  void look_again() {
    const std::scoped_lock lock{mutex_};
    looked_at_.reset();
  }

  template <class Documents>
  static task<std::shared_ptr<const Snapshot>> read_all(Documents& documents) {
    auto all = co_await documents.all();
    co_return std::make_shared<const Snapshot>(std::move(all));
  }

  task<void> refresh() {
    const coordination::coalescer::work work = [this] { return read_if_changed(); };
    co_await readers_.run("", work);
  }
  task<void> read_if_changed() {
    const auto changed = co_await from_.changed_at();
    if (known() && changed == changed_at_) co_return;
    auto read = co_await from_.read();
    changed_at_ = changed;
    const std::scoped_lock lock{mutex_};
    snapshot_ = std::move(read);
  }

  source from_;
  runtime::clock& time_;
  coordination::coalescer readers_;
  std::optional<instant> changed_at_;  // of the one reader at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::optional<steady_instant> looked_at_;
};

}  // namespace nxg
