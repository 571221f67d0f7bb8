#pragma once

#include "models/machine.hpp"
#include "repositories/machines.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "schema/types.hpp"
#include "services/machines/link_service.hpp"
#include "telemetry/log.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>

namespace nxg {

enum class upkeep_kind : std::uint8_t { fault, inspection, repair, cleaning };
BOOST_DESCRIBE_ENUM(upkeep_kind, fault, inspection, repair, cleaning)

enum class upkeep_severity : std::uint8_t { low, medium, high };
BOOST_DESCRIBE_ENUM(upkeep_severity, low, medium, high)

/// What is wrong with a machine, or being done to it.
struct upkeep_report {
  upkeep_kind kind = upkeep_kind::fault;
  upkeep_severity severity = upkeep_severity::low;
  std::optional<schema::text<0, 500>> notes;
  /// Set: whether nobody can train on it from now on. Not set: nothing changes.
  std::optional<bool> out_of_service;
};
BOOST_DESCRIBE_STRUCT(upkeep_report, (), (kind, severity, notes, out_of_service))

/// Takes machines out of service and back.
class machine_upkeep {
 public:
  machine_upkeep(machine_repository& machines, link_service& links, runtime::clock& time, telemetry::logger log)
      : machines_{machines}, links_{links}, time_{time}, log_{std::move(log)} {}

  /// Out of service, a machine lets go of its link. Throws machine_not_found.
  task<machine> report(uuid machine_id, upkeep_report what);

 private:
  machine_repository& machines_;
  link_service& links_;
  runtime::clock& time_;
  telemetry::logger log_;
};

}  // namespace nxg
