#include "services/meals/targets.hpp"

#include <cmath>

namespace nxg::meals {

std::optional<std::int64_t> water_target_ml(const user& member) {
  constexpr double ml_per_kg = 35;
  if (!member.weight_kg) return std::nullopt;
  const double weight = member.weight_kg->value();
  return std::lround(weight * ml_per_kg / 10) * 10;
}

}  // namespace nxg::meals
