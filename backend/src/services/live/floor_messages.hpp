#pragma once

#include "models/machine.hpp"
#include "models/points.hpp"
#include "models/visit.hpp"
#include "services/live/live_event.hpp"
#include "services/telemetry/messages.hpp"
#include "services/workouts/views.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// What sockets are told of the gym floor. `id` is the event's, the same should it come twice; `at` is when it
/// happened.
namespace nxg::live {

/// `machine:linked`, to the machine.
struct machine_linked_message {
  uuid id;
  instant at{};
  uuid link_id;
  std::string alias;
  instant since{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(machine_linked_message, (), (id, at, link_id, alias, since, expires_at))
inline constexpr sent announced(tag<machine_linked_message>) {
  return {"machine:linked", audience::machine,
          "A member trains on this machine now; samples carry the `linkId` from here on. The answer to a heartbeat "
          "says it too.",
          keeping::momentary};
}

/// `machine:unlinked`, to the machine.
struct machine_unlinked_message {
  uuid id;
  instant at{};
  uuid link_id;
  link_end reason = link_end::unlinked;
};
BOOST_DESCRIBE_STRUCT(machine_unlinked_message, (), (id, at, link_id, reason))
inline constexpr sent announced(tag<machine_unlinked_message>) {
  return {"machine:unlinked", audience::machine, "The link has ended; samples carry none from here on.",
          keeping::momentary};
}

/// `machine:status`, to who watches the branch: never who trains.
struct machine_status_message {
  uuid id;
  instant at{};
  uuid machine_id;
  uuid branch_id;
  machine_status status = machine_status::offline;
  instant since{};
};
BOOST_DESCRIBE_STRUCT(machine_status_message, (), (id, at, machine_id, branch_id, status, since))
inline constexpr sent announced(tag<machine_status_message>) {
  return {"machine:status", audience::branch,
          "A machine of the branch was taken, freed, lost or repaired. Never who trains on it.", keeping::momentary};
}

/// `workout:started`, to the member.
struct workout_started_message {
  uuid id;
  instant at{};
  uuid workout_id;
  uuid machine_id;
  std::string machine_name;
  nxg::machine_class machine_class = machine_class::treadmill;
};
BOOST_DESCRIBE_STRUCT(workout_started_message, (), (id, at, workout_id, machine_id, machine_name, machine_class))
inline constexpr sent announced(tag<workout_started_message>) {
  return {"workout:started", audience::workouts, "A machine was linked: a workout has begun."};
}

/// `workout:progress`, to the member: every sample of one message that was accepted for the first time.
struct workout_progress_message {
  uuid id;
  instant at{};
  uuid workout_id;
  uuid machine_id;
  std::string epoch;
  std::vector<samples::sample_shown> samples;
};
BOOST_DESCRIBE_STRUCT(workout_progress_message, (), (id, at, workout_id, machine_id, epoch, samples))
inline constexpr sent announced(tag<workout_progress_message>) {
  return {"workout:progress", audience::workouts,
          "Samples as they come, each once. A device that reads slowly misses some; the workout has them all.",
          keeping::momentary};
}

/// A workout with its figures, to the member.
struct workout_message : workouts::workout_details {
  uuid id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(workout_message, (workouts::workout_details), (id, at))

/// `workout:ended`
struct workout_ended_message : workout_message {};
BOOST_DESCRIBE_STRUCT(workout_ended_message, (workout_message), ())
inline constexpr sent announced(tag<workout_ended_message>) {
  return {"workout:ended", audience::workouts,
          "The workout is over; what it came to so far. `workout:summary` follows."};
}

/// `workout:summary`
struct workout_summary_message : workout_message {};
BOOST_DESCRIBE_STRUCT(workout_summary_message, (workout_message), ())
inline constexpr sent announced(tag<workout_summary_message>) {
  return {"workout:summary", audience::workouts,
          "The final figures of a workout; told again when samples came late and changed them."};
}

/// A visit, to the member.
struct session_message {
  uuid id;
  instant at{};
  uuid session_id;
  uuid branch_id;
};
BOOST_DESCRIBE_STRUCT(session_message, (), (id, at, session_id, branch_id))

/// `session:started`
struct session_started_message : session_message {};
BOOST_DESCRIBE_STRUCT(session_started_message, (session_message), ())
inline constexpr sent announced(tag<session_started_message>) {
  return {"session:started", audience::workouts, "The member checked in."};
}

/// `session:ended`
struct session_ended_message : session_message {
  std::optional<visit_end> reason;
};
BOOST_DESCRIBE_STRUCT(session_ended_message, (session_message), (reason))
inline constexpr sent announced(tag<session_ended_message>) {
  return {"session:ended", audience::workouts, "The visit is over."};
}

/// `points:awarded`, to the member.
struct points_awarded_message {
  uuid id;
  instant at{};
  std::int64_t points = 0;
  std::string reason;
  points_source source_type = points_source::workout;
  uuid source_id;
  std::int64_t balance = 0;
};
BOOST_DESCRIBE_STRUCT(points_awarded_message, (), (id, at, points, reason, source_type, source_id, balance))
inline constexpr sent announced(tag<points_awarded_message>) {
  return {"points:awarded", audience::notifications, "Points were awarded; `balance` is what there is to spend now."};
}

}  // namespace nxg::live
