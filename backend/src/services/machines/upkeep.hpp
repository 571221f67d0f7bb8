#pragma once

#include "models/machine.hpp"
#include "repositories/machines.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/live/live_channel.hpp"
#include "services/machines/link_service.hpp"
#include "services/machines/upkeep_report.hpp"
#include "telemetry/log.hpp"

namespace nxg {

/// Takes what is reported of machines: tells those who work there, takes machines out of service and back.
class machine_upkeep {
 public:
  machine_upkeep(machine_repository& machines, link_service& links, live_channel& live, runtime::clock& time,
                 runtime::random& random, telemetry::logger log)
      : machines_{machines}, links_{links}, live_{live}, time_{time}, random_{random}, log_{std::move(log)} {}

  /// Out of service, a machine lets go of its link. Throws machine_not_found.
  task<machine> report(uuid machine_id, upkeep_report what);

 private:
  task<machine> set_condition(machine of, machine_condition as);
  void tell(const machine& of, const upkeep_report& what);

  machine_repository& machines_;
  link_service& links_;
  live_channel& live_;
  runtime::clock& time_;
  runtime::random& random_;
  telemetry::logger log_;
};

}  // namespace nxg
