#pragma once

#include "models/machine.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// A machine as anybody in the gym sees it: never who trains on it.
struct machine_availability {
  uuid id;
  std::string name;
  nxg::machine_class class_ = machine_class::treadmill;
  std::string location;
  machine_status status = machine_status::offline;
  bool is_available = false;
  /// When the status became what it is.
  instant since{};
  std::optional<instant> last_heartbeat_at;
};
BOOST_DESCRIBE_STRUCT(machine_availability, (),
                      (id, name, class_, location, status, is_available, since, last_heartbeat_at))

[[nodiscard]] machine_availability availability_of(const machine& what, instant now);

/// A link as its machine sees it.
struct link_for_machine {
  uuid link_id;
  instant since{};
  instant expires_at{};
  std::string alias;
};
BOOST_DESCRIBE_STRUCT(link_for_machine, (), (link_id, since, expires_at, alias))

/// A link that is over, as everybody but its member sees it.
struct ended_link {
  uuid link_id;
  uuid machine_id;
  instant ended_at{};
  /// Since it was made.
  std::int64_t duration_seconds = 0;
  static constexpr std::string_view schema_name = "EndedMachineLink";
};
BOOST_DESCRIBE_STRUCT(ended_link, (), (link_id, machine_id, ended_at, duration_seconds))

/// The answer to a heartbeat.
struct heartbeat_answer {
  instant server_time{};
  std::optional<link_for_machine> link;
};
BOOST_DESCRIBE_STRUCT(heartbeat_answer, (), (server_time, link))

[[nodiscard]] heartbeat_answer heartbeat_answer_for(const machine& what, instant now);

/// What a machine says of itself.
struct heartbeat_report {
  std::optional<schema::text<0, 60>> status;
  std::optional<schema::text<0, 60>> firmware;
  std::optional<schema::bounded<std::int64_t, 0, 9'007'199'254'740'991>> seq;
  std::optional<schema::list<schema::text<1, 200>, 0, 20>> errors;
  std::optional<instant> at;

  static constexpr schema::note descriptions[] = {
      {"status", "In its own words; people are shown what links and heartbeats say"},
      {"seq", "Of its newest sample; what is acknowledged is told by the answers to samples"},
      {"errors", "In its own words; what staff are to see to is reported as `maintenance`"},
      {"at", "Its clock: how far it is off is noted with its samples"}};
};
BOOST_DESCRIBE_STRUCT(heartbeat_report, (), (status, firmware, seq, errors, at))
[[nodiscard]] signs_of_life signs_of(const heartbeat_report& report, instant received_at);

}  // namespace nxg
