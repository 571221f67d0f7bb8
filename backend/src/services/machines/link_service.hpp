#pragma once

#include "models/machine.hpp"
#include "models/visit.hpp"
#include "models/workout.hpp"
#include "repositories/machines.hpp"
#include "repositories/visits.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/accounts/audit.hpp"
#include "services/caller.hpp"
#include "services/machines/views.hpp"
#include "services/workouts/closing.hpp"
#include "services/workouts/member_facts.hpp"
#include "services/workouts/views.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace nxg {

/// Which machine is meant: by id, or by the code printed on it.
struct machine_choice {
  std::optional<uuid> machine_id;
  std::optional<std::string> qr_code;
};

/// Which link is to end: the one a machine has now, or that one and no other.
struct unlinking {
  uuid machine_id;
  std::optional<uuid> link_id;
};

/// What its member is told of a link that ended, and what everybody else is.
using unlinked = std::variant<workouts::workout_view, ended_link>;

/// Links members to machines. The machine's document says who is linked; visit and workout follow it. Each function may
/// be stopped anywhere: event handlers and sweeps finish what it began.
class link_service {
 public:
  link_service(machine_repository& machines, visit_repository& visits, workout_repository& workouts,
               workouts::closing& summaries, member_facts& facts, audit_log& audit, runtime::clock& time,
               telemetry::logger log);

  struct linked {
    machine_link link;
    uuid machine_id;
  };
  /// Linked already to that machine: the same link again. Throws visit_required, machine_not_found,
  /// machine_in_other_branch, machine_out_of_service, machine_in_use, member_already_linked.
  task<linked> link(uuid member, machine_choice which, uuid link_id);

  /// By its member, the machine itself, or who works at its branch (which is recorded). Over already: the same answer
  /// again, where no link was named that of the last one the caller might have ended. Throws machine_not_found,
  /// machine_not_linked.
  task<unlinked> unlink(caller who, unlinking which, request_origin origin);

  /// Ends the link a member holds by that visit, if there is one.
  task<void> release_visit(uuid member, uuid visit_id, link_end reason);

  /// What the workout of a link came to that is over, also where another has ended the link and not the workout yet.
  /// Nothing where the link had none.
  task<std::optional<workouts::workout_view>> ended(uuid workout_id, uuid member, link_end reason);

  /// What a workout came to so far, or in the end. Throws machine_not_linked when there is no such workout.
  task<workouts::workout_view> so_far(uuid workout_id);

  /// Ends the link of that machine, if it has one.
  task<void> release_machine(machine on, link_end reason);

  // What follows from events; any number of times.
  task<void> on_linked(machine_linked event);
  task<void> on_unlinked(machine_unlinked event);

  // For jobs; how many links were ended.
  task<std::size_t> release_expired();
  /// Links whose visit is over or does not name them, and links of machines that are out of service.
  task<std::size_t> release_abandoned();

 private:
  task<machine> chosen(machine_choice which);
  task<bool> claim(machine on, machine_link link);
  task<void> make_room_for(uuid member, uuid machine_id);
  /// Completes a link that its machine holds: its visit names it, its workout is written. Any number of times.
  task<linked> settle(machine on, machine_link link, visit during);
  task<void> begin_workout(machine_linked event, visit during);
  task<void> end_link(machine_unlinked event);
  task<bool> release(machine on, machine_link link, link_end reason);
  task<workouts::workout_view> view_of(workout one);
  task<workout> ended_before(caller who, unlinking which, machine on, bool in_charge);
  task<unlinked> told_to(caller who, workout over);

  machine_repository& machines_;
  visit_repository& visits_;
  workout_repository& workouts_;
  workouts::closing& summaries_;
  member_facts& facts_;
  audit_log& audit_;
  runtime::clock& time_;
  telemetry::logger log_;
};

}  // namespace nxg
