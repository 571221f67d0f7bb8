#include "services/planning/floor_machines.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

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

/// Best first.
enum class suitability : std::uint8_t { made_for_it, named_like_it, cable, none };

// "Leg Press 2" is a leg press.
std::string without_number(std::string words) {
  while (!words.empty() && (words.back() == ' ' || (words.back() >= '0' && words.back() <= '9'))) words.pop_back();
  return words;
}

suitability suitability_of(const floor_machine& machine, std::string_view words,
                           std::optional<equipment_kind> equipment) {
  // "Air Bike" is a crunch on the floor.
  const auto wanted = equipment == equipment_kind::body_only ? std::nullopt : class_for(words);
  if (wanted) return machine.machine_class == *wanted ? suitability::made_for_it : suitability::none;
  const auto name = plain_words(machine.name);
  if (name == words) return suitability::made_for_it;
  const bool station = machine.machine_class == "strength" || machine.machine_class == "functional";
  if (!station) return suitability::none;
  const auto plain = without_number(name);
  if (has_phrase(name, words) || (!plain.empty() && has_phrase(words, plain))) return suitability::named_like_it;
  const bool cable = machine.machine_class == "functional" && equipment == equipment_kind::cable;
  return cable ? suitability::cable : suitability::none;
}

}  // namespace

std::vector<machine_availability> machines_for(std::string_view exercise_name, std::optional<equipment_kind> equipment,
                                               const std::vector<floor_machine>& machines) {
  const auto words = plain_words(exercise_name);
  std::vector<std::pair<suitability, const floor_machine*>> found;
  for (const auto& machine : machines) {
    if (const auto how = suitability_of(machine, words, equipment); how != suitability::none)
      found.emplace_back(how, &machine);
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return std::pair{one.first, !one.second->is_available}; });
  std::vector<machine_availability> result;
  for (const auto& [how, machine] : found) {
    result.push_back({machine->machine_id, machine->name, machine->is_available, machine->maintenance_status,
                      machine->qr_code, machine->location});
  }
  return result;
}

std::optional<machine_availability> machine_for(const plan_exercise& entry,
                                                const std::vector<floor_machine>& machines) {
  auto all = machines_for(entry.exercise_name, entry.equipment, machines);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

}  // namespace nxg::planning
