#include "services/machines/upkeep.hpp"

#include "schema/json.hpp"
#include "services/machines/errors.hpp"

namespace nxg {

task<machine> machine_upkeep::report(uuid machine_id, upkeep_report what) {
  const auto before = co_await machines_.find(machine_id);
  if (!before) throw machine_not_found();
  log_.info("upkeep of a machine", {{"machineId", machine_id}, {"report", schema::to_json(what)}});
  if (!what.out_of_service) co_return *before;
  const bool broken = what.kind == upkeep_kind::fault;
  const auto condition = !*what.out_of_service ? machine_condition::in_service
                         : broken              ? machine_condition::out_of_order
                                               : machine_condition::maintenance;
  const auto after = co_await machines_.set_condition(machine_id, before->branch_id, condition, time_.now());
  if (*what.out_of_service) co_await links_.release_machine(after, link_end::maintenance);
  auto now = co_await machines_.find(machine_id);
  co_return now.value();
}

}  // namespace nxg
