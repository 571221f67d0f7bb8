#include "services/machines/views.hpp"

#include "services/machines/presence.hpp"

namespace nxg {

machine_availability availability_of(const machine& what, instant now) {
  const auto status = status_of(what, now);
  return {what.id,
          what.name,
          what.class_,
          what.location,
          status,
          status == machine_status::available,
          status_since_of(what, now),
          what.last_heartbeat_at};
}

heartbeat_answer heartbeat_answer_for(const machine& what, instant now) {
  heartbeat_answer made{now, {}};
  if (const auto* link = live_link(what, now))
    made.link = link_for_machine{link->link_id, link->since, link->expires_at, link->alias};
  return made;
}

signs_of_life signs_of(const heartbeat_report& report, instant received_at) {
  signs_of_life told;
  if (report.firmware) told.firmware = report.firmware->value();
  if (report.at) told.clock_offset_ms = clock_offset_of(*report.at, received_at);
  return told;
}

}  // namespace nxg
