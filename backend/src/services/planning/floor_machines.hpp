#pragma once

#include "models/workout_plan.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"

#include <boost/describe/class.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::planning {

/// A machine of a branch as a member looking for a free one sees it.
struct floor_machine {
  uuid machine_id;
  std::string name;
  /// As in the machine registry: treadmill, indoor_bike, rower, cross_trainer, step_climber, stair_climber, strength,
  /// functional.
  std::string machine_class;
  bool is_available = false;
  /// operational | maintenance | offline, in the words of the floor.
  std::string maintenance_status;
  std::optional<std::string> qr_code;
  std::optional<std::string> location;
};

/// The machines of a branch now; given by the floor.
using floor_machines = std::function<task<std::vector<floor_machine>>(uuid branch)>;

/// Whether one can train this exercise now, and where.
struct machine_availability {
  uuid machine_id;
  std::string machine_name;
  bool is_available = false;
  std::string maintenance_status;
  std::optional<std::string> qr_code;
  std::optional<std::string> location;
};
BOOST_DESCRIBE_STRUCT(machine_availability, (),
                      (machine_id, machine_name, is_available, maintenance_status, qr_code, location))

/// Every machine an exercise can be done on, those made for nothing else first, then free ones: machines of its class
/// (cardio), stations that carry its name or are named in it, and cable stations (class `functional`) for exercises on
/// a cable.
[[nodiscard]] std::vector<machine_availability> machines_for(std::string_view exercise_name,
                                                             std::optional<equipment_kind> equipment,
                                                             const std::vector<floor_machine>& machines);

/// The machine to do an exercise on: the first of those. Nothing for exercises that need no machine of the floor.
[[nodiscard]] std::optional<machine_availability> machine_for(const plan_exercise& entry,
                                                              const std::vector<floor_machine>& machines);

}  // namespace nxg::planning
