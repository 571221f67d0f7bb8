#include "services/machines/upkeep.hpp"

#include "schema/json.hpp"
#include "services/live/staff_messages.hpp"
#include "services/machines/errors.hpp"

namespace nxg {

task<machine> machine_upkeep::report(uuid machine_id, upkeep_report what) {
  auto found = co_await machines_.find(machine_id);
  if (!found) throw machine_not_found();
  log_.info("upkeep of a machine", {{"machineId", machine_id}, {"report", schema::to_json(what)}});
  if (what.out_of_service) {
    const bool broken = what.kind == upkeep_kind::fault;
    const auto as = !*what.out_of_service ? machine_condition::in_service
                    : broken              ? machine_condition::out_of_order
                                          : machine_condition::maintenance;
    found = co_await set_condition(*found, as);
  }
  tell(*found, what);
  co_return *found;
}

task<machine> machine_upkeep::set_condition(machine of, machine_condition as) {
  const auto after = co_await machines_.set_condition(of.id, as, time_.now());
  if (as != machine_condition::in_service) co_await links_.release_machine(after, link_end::maintenance);
  auto now = co_await machines_.find(of.id);
  co_return now.value();
}

void machine_upkeep::tell(const machine& of, const upkeep_report& what) {
  const auto now = time_.now();
  live::machine_alert_message told{.id = uuid::version_7(now, random_),
                                   .at = now,
                                   .branch_id = of.branch_id,
                                   .machine_id = of.id,
                                   .machine_name = of.name,
                                   .kind = what.kind,
                                   .severity = what.severity,
                                   .notes = {},
                                   .out_of_service = of.condition != machine_condition::in_service};
  if (what.notes) told.notes = what.notes->value();
  live_.tell_staff(of.branch_id, told);
}

}  // namespace nxg
