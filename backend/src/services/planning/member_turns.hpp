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
    turn(std::shared_ptr<state> of, uuid member) : of_{std::move(of)}, member_{member} {}
    turn(turn&&) noexcept = default;
    turn& operator=(turn&&) = delete;
    ~turn();

   private:
    std::shared_ptr<state> of_;
    uuid member_;
  };

  member_turns();

  /// Waits for the turn. Throws `plan_in_progress` when too many wait already. Cancellable.
  task<turn> take(uuid member);

 private:
  std::shared_ptr<state> state_;
};

}  // namespace nxg::planning
