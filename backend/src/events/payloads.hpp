#pragma once

#include "models/machine.hpp"
#include "models/points.hpp"
#include "models/visit.hpp"
#include "services/telemetry/messages.hpp"
#include "services/workouts/views.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// What sockets are told of the gym floor. `id` is the event's, the same should it come twice; `at` is when it
/// happened.
namespace nxg::events {

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

/// `machine:unlinked`, to the machine.
struct machine_unlinked_message {
  uuid id;
  instant at{};
  uuid link_id;
  link_end reason = link_end::unlinked;
};
BOOST_DESCRIBE_STRUCT(machine_unlinked_message, (), (id, at, link_id, reason))

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

/// `workout:ended` (what it came to so far) and `workout:summary` (final, or set anew), to the member.
struct workout_message : workouts::workout_details {
  uuid id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(workout_message, (workouts::workout_details), (id, at))

/// `session:started` and `session:ended`, to the member.
struct session_message {
  uuid id;
  instant at{};
  uuid session_id;
  uuid branch_id;
  std::optional<visit_end> reason;
};
BOOST_DESCRIBE_STRUCT(session_message, (), (id, at, session_id, branch_id, reason))

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

}  // namespace nxg::events
