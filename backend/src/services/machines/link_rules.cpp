#include "services/machines/link_rules.hpp"

namespace nxg::links {
namespace {

std::optional<holder> holder_by(const workout& of, const uuid& machine_id) {
  if (of.machine_id != machine_id) return std::nullopt;
  return holder{of.member_id, of.state != workout_state::final_};
}

}  // namespace

task<std::optional<holder>> holder_of(workout_repository& workouts, machine_repository& machines, uuid machine_id,
                                      uuid link_id) {
  const auto found = co_await workouts.find(link_id);
  if (found) co_return holder_by(*found, machine_id);
  // The machine may know of its link a moment before the workout is written, …
  const auto machine = co_await machines.find(machine_id);
  if (machine && machine->link && machine->link->link_id == link_id) co_return holder{machine->link->member_id, true};
  // … and no more once it is written and has ended.
  const auto ended = co_await workouts.find(link_id);
  if (ended) co_return holder_by(*ended, machine_id);
  co_return std::nullopt;
}

}  // namespace nxg::links
