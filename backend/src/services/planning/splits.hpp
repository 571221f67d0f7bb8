#pragma once

#include "models/exercise.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nxg::planning {

/// A place in a training day, to be filled by one exercise whose primary muscle is one of these, the first preferred.
struct slot {
  std::vector<muscle> muscles;
  mechanic_kind mechanic = mechanic_kind::compound;
};

struct day_template {
  std::string_view label;
  std::vector<slot> slots;
};

/// The training days of a week, in order. `days` in 1..7.
[[nodiscard]] std::vector<const day_template*> split_for(std::int32_t days, difficulty_level level);

/// On which days of the week (1 is Monday) `days` trainings fall: spread evenly, never on the rest day (Sunday when
/// none is given and fewer than seven are asked). With a rest day no more than six are given.
[[nodiscard]] std::vector<std::int32_t> training_weekdays(std::int32_t days, std::optional<std::int32_t> rest_day);

}  // namespace nxg::planning
