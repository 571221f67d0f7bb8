#include "app/training_plans.hpp"

#include "integrations/planning/wps_client.hpp"

#include <boost/describe/enum_to_string.hpp>

namespace nxg::app {

namespace {

resilience::policy_options policy_of(const settings& values) {
  auto options = integrations::wps_policy(values.processes);
  options.quota.granted.count = static_cast<std::uint64_t>(values.wps_quota_per_hour);
  return options;
}

std::unique_ptr<integrations::planning_service> service_of(const settings& values, platform& on, outside_way& way) {
  if (values.wps_url.empty()) return std::make_unique<integrations::no_planning_service>();
  return std::make_unique<integrations::wps_client>(integrations::wps_settings{values.wps_url, values.wps_api_key},
                                                    way.client, way.policy, on.time);
}

std::string upkeep_of(machine_status status) {
  switch (status) {
    case machine_status::available:
    case machine_status::occupied: return "operational";
    case machine_status::maintenance:
    case machine_status::out_of_order: return "maintenance";
    case machine_status::offline: return "offline";
  }
  return "offline";
}

planning::floor_machine seen_by_plans(const machine& from, instant now) {
  const auto status = status_of(from, now);
  planning::floor_machine result;
  result.machine_id = from.id;
  result.name = from.name;
  result.machine_class = boost::describe::enum_to_string(from.class_, "");
  result.is_available = status == machine_status::available;
  result.maintenance_status = upkeep_of(status);
  result.qr_code = from.qr_code;
  if (!from.location.empty()) result.location = from.location;
  return result;
}

task<std::vector<planning::floor_machine>> floor_now(machine_registry& machines, runtime::clock& time, uuid branch) {
  const auto found = co_await machines.of_branch(branch);
  std::vector<planning::floor_machine> result;
  for (const auto& one : found) result.push_back(seen_by_plans(one, time.now()));
  co_return result;
}

}  // namespace

training_plans::training_plans(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
                               outside_services& outside)
    : way{policy_of(values), on, outside},
      service{service_of(values, on, way)},
      exercises{kept.exercises, on.time},
      plans{{.members = [&users = kept.users](uuid member) { return users.find(member); },
             .plans = kept.workout_plans,
             .exercises = exercises,
             .cache = shared.cache(),
             .service = *service,
             .time = on.time,
             .metrics = on.metrics,
             .log = on.log}} {
  outside.add("planning service", "plans come from elsewhere", [this] { return plans.dependency(); });
}

planning::floor_machines floor_for_plans(machine_registry& machines, runtime::clock& time) {
  return [&machines, &time](uuid branch) { return floor_now(machines, time, branch); };
}

}  // namespace nxg::app
