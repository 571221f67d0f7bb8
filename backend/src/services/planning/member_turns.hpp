#pragma once

#include "resilience/one_shot.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

namespace nxg::planning {

/// One at a time for each member, in the order of asking, within this process. Thread-safe.
class member_turns {
 public:
  /// More than that wait for nobody.
  static constexpr std::size_t most_waiting = 8;

  struct state;
  /// Ends the turn when destroyed.
  class turn {
   public:
    turn(std::shared_ptr<state> of, uuid member, bool waited) : of_{std::move(of)}, member_{member}, waited_{waited} {}
    turn(turn&&) noexcept = default;
    turn& operator=(turn&&) = delete;
    ~turn();

    /// Somebody else had the turn when it was asked for.
    [[nodiscard]] bool waited() const noexcept { return waited_; }

   private:
    std::shared_ptr<state> of_;
    uuid member_;
    bool waited_;
  };

  member_turns();

  /// Waits for the turn. Throws `plan_in_progress` when too many wait already. Cancellable.
  task<turn> take(uuid member);

 private:
  std::shared_ptr<state> state_;
};

}  // namespace nxg::planning
