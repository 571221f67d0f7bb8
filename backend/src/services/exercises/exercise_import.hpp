#pragma once

#include "models/exercise.hpp"
#include "repositories/exercises.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/import_report.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace nxg::exercises {

struct parsed_exercises {
  std::size_t rows = 0;
  /// Without version and times.
  std::vector<exercise> exercises;
  std::vector<refused_row> refused;
};

/// Reads free-exercise-db's format: an array of {id, name, force, level, mechanic, equipment, primaryMuscles,
/// secondaryMuscles, instructions, category, images}; fields it does not know are ignored. A bad row is reported and
/// left out, the others stay. Throws `unreadable_file` (also beyond 20,000 rows).
[[nodiscard]] parsed_exercises parse_exercises(std::string_view json);

/// Brings the library to what the file says. Exercises are told apart by the source's id, so that importing a file
/// again changes nothing; what the file does not name stays. Throws `unreadable_file`, and what the store throws.
task<import_report> import_exercises(std::string_view json, repositories::exercises& library, runtime::clock& time);

}  // namespace nxg::exercises
