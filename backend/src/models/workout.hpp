#pragma once

#include "models/machine.hpp"
#include "models/workout_figures.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// `live`: linked. `closing`: ended, samples may still come in. `final`: all that could come is in; consequences
/// follow.
enum class workout_state : std::uint8_t { live, closing, final_ };
BOOST_DESCRIBE_ENUM(workout_state, live, closing, final_)

/// A member's training on one machine: from link to its end. Its id is the link's.
struct workout {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  uuid machine_id;
  std::string machine_name;
  nxg::machine_class machine_class = machine_class::treadmill;
  uuid branch_id;
  uuid visit_id;
  workout_state state = workout_state::live;
  instant started_at{};
  std::optional<instant> ended_at;
  std::optional<link_end> end_reason;
  /// While `closing`: when its last samples must have been written to the journal.
  std::optional<instant> due_at;
  std::optional<instant> finalized_at;
  /// Of the figures: grows each time they are computed anew after the workout was final.
  std::int64_t revision = 0;
  /// The branch's zone and the date there when it began; neither changes later.
  std::string time_zone;
  schema::local_date local_date{};
  /// Absent until it is final.
  std::optional<workout_figures> figures;
  schema::encrypted<heart_rate_figures> heart_rate;
  schema::encrypted<body_facts> body;
};
BOOST_DESCRIBE_STRUCT(workout, (),
                      (id, version, member_id, machine_id, machine_name, machine_class, branch_id, visit_id, state,
                       started_at, ended_at, end_reason, due_at, finalized_at, revision, time_zone, local_date, figures,
                       heart_rate, body))
store::declaration<workout> declare(store::tag<workout>);

struct workout_started {
  uuid workout_id;
  uuid member_id;
  uuid machine_id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(workout_started, (), (workout_id, member_id, machine_id, at))
store::event_declaration<workout_started> declare(store::tag<workout_started>);

/// Its link ended; the figures are provisional.
struct workout_ended {
  uuid workout_id;
  uuid member_id;
  link_end reason = link_end::unlinked;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(workout_ended, (), (workout_id, member_id, reason, at))
store::event_declaration<workout_ended> declare(store::tag<workout_ended>);

/// Its figures are final, or were computed anew because samples came late: consequences are set (again).
struct workout_summarized {
  uuid workout_id;
  uuid member_id;
  uuid machine_id;
  uuid branch_id;
  schema::local_date local_date{};
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(workout_summarized, (), (workout_id, member_id, machine_id, branch_id, local_date, revision))
store::event_declaration<workout_summarized> declare(store::tag<workout_summarized>);

}  // namespace nxg
