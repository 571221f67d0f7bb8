#include "services/planning/floor_machines.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nxg::planning {
namespace {

struct made_for {
  std::string_view word;
  std::string_view machine_class;
};

// How the library calls what the registry calls by its class.
constexpr std::array classes{
    made_for{"treadmill", "treadmill"},
    made_for{"bicycling", "indoor_bike"},
    made_for{"bike", "indoor_bike"},
    made_for{"rowing stationary", "rower"},
    made_for{"rower", "rower"},
    made_for{"elliptical", "cross_trainer"},
    made_for{"cross trainer", "cross_trainer"},
    made_for{"step mill", "stair_climber"},
    made_for{"stairmaster", "stair_climber"},
    made_for{"stair climber", "stair_climber"},
    made_for{"stepper", "step_climber"},
};

bool has_phrase(std::string_view words, std::string_view phrase) {
  return (" " + std::string{words} + " ").find(" " + std::string{phrase} + " ") != std::string::npos;
}

std::optional<std::string_view> class_for(std::string_view words) {
  const auto found = std::ranges::find_if(classes, [&](const made_for& one) { return has_phrase(words, one.word); });
  if (found == classes.end()) return std::nullopt;
  return found->machine_class;
}

}  // namespace

std::optional<machine_availability> machine_for(const plan_exercise& entry,
                                                const std::vector<floor_machine>& machines) {
  const auto words = plain_words(entry.exercise_name);
  // "Air Bike" is a crunch on the floor.
  const auto wanted = entry.equipment == equipment_kind::body_only ? std::nullopt : class_for(words);
  const floor_machine* chosen = nullptr;
  for (const auto& machine : machines) {
    const bool fits = wanted ? machine.machine_class == *wanted : plain_words(machine.name) == words;
    if (fits && (chosen == nullptr || (machine.is_available && !chosen->is_available))) chosen = &machine;
  }
  if (chosen == nullptr) return std::nullopt;
  return machine_availability{chosen->machine_id,         chosen->name,    chosen->is_available,
                              chosen->maintenance_status, chosen->qr_code, chosen->location};
}

}  // namespace nxg::planning
