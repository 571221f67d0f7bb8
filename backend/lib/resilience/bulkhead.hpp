#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace nxg::resilience {

struct bulkhead_options {
  std::size_t max_running = 20;
  /// Calls that may wait for a place; more are refused at once.
  std::size_t max_waiting = 40;
  std::chrono::milliseconds max_wait{1'000};
};

/// Bounds how many calls are under way at a time, so that one slow service cannot hold all of the process.
/// Waiting is in order of arrival. Thread-safe; its permits may outlive it.
class bulkhead {
 public:
  bulkhead(bulkhead_options options, runtime::clock& time);
  ~bulkhead();
  bulkhead(const bulkhead&) = delete;
  bulkhead& operator=(const bulkhead&) = delete;

  struct state;

  /// A place; destroying it hands it to the next in line.
  class permit {
   public:
    permit() = default;
    explicit permit(std::shared_ptr<state> of) : of_{std::move(of)} {}
    permit(permit&&) noexcept = default;
    permit& operator=(permit&& other) noexcept;
    ~permit();

   private:
    std::shared_ptr<state> of_;
  };

  /// A place now, or nothing.
  std::optional<permit> try_enter();
  /// Waits for a place until `max_wait` or `deadline`; nothing when none came or too many wait already. Cancellable.
  task<std::optional<permit>> enter(steady_instant deadline);

  [[nodiscard]] std::size_t running() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  bulkhead_options options_;
  runtime::clock& time_;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::resilience
