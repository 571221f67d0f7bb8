#pragma once

#include "models/exercise.hpp"
#include "repositories/exercises.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::exercises {

/// A row that was left out, and everything wrong with it.
struct refused_row {
  /// From 0, in the file.
  std::size_t row = 0;
  /// Empty where the row has no readable id.
  std::string external_id;
  std::vector<std::string> reasons;
};
BOOST_DESCRIBE_STRUCT(refused_row, (), (row, external_id, reasons))

struct import_report {
  std::size_t rows = 0;
  std::size_t inserted = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::vector<refused_row> refused;
};
BOOST_DESCRIBE_STRUCT(import_report, (), (rows, inserted, updated, unchanged, refused))

/// The whole file is of no use: no JSON, no array, more than 20,000 rows.
class unreadable_file : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct parsed_exercises {
  std::size_t rows = 0;
  /// Without version and times.
  std::vector<exercise> exercises;
  std::vector<refused_row> refused;
};

/// Reads free-exercise-db's format: an array of {id, name, force, level, mechanic, equipment, primaryMuscles,
/// secondaryMuscles, instructions, category, images}; fields it does not know are ignored. A bad row is reported and
/// left out, the others stay. Throws `unreadable_file`.
[[nodiscard]] parsed_exercises parse_exercises(std::string_view json);

/// Brings the library to what the file says. Exercises are told apart by the source's id, so that importing a file
/// again changes nothing; what the file does not name stays. Throws `unreadable_file`, and what the store throws.
task<import_report> import_exercises(std::string_view json, repositories::exercises& library, runtime::clock& time);

}  // namespace nxg::exercises
