#include "services/machines/link_rules.hpp"

namespace nxg::links {

task<std::optional<holder>> holder_of(workout_repository& workouts, machine_repository& machines, uuid machine_id,
                                      uuid link_id) {
  const auto found = co_await workouts.find(link_id);
  if (found) {
    if (found->machine_id != machine_id) co_return std::nullopt;
    co_return holder{found->member_id, found->state != workout_state::final_};
  }
  // The machine may know of its link a moment before the workout is written.
  const auto machine = co_await machines.find(machine_id);
  if (machine && machine->link && machine->link->link_id == link_id) co_return holder{machine->link->member_id, true};
  co_return std::nullopt;
}

}  // namespace nxg::links
