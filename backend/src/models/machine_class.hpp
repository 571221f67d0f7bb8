#pragma once

#include "models/measure.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>

namespace nxg {

/// What kind of machine it is: decides what its samples may say. Cardio classes are those of Bluetooth FTMS.
enum class machine_class : std::uint8_t {
  treadmill,
  indoor_bike,
  rower,
  cross_trainer,
  step_climber,
  stair_climber,
  strength,
  functional,
};
BOOST_DESCRIBE_ENUM(machine_class, treadmill, indoor_bike, rower, cross_trainer, step_climber, stair_climber, strength,
                    functional)

/// Strength and functional stations count sets; the others measure movement.
[[nodiscard]] constexpr bool counts_sets(machine_class kind) noexcept {
  return kind == machine_class::strength || kind == machine_class::functional;
}

}  // namespace nxg
