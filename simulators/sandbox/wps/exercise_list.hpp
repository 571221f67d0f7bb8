#pragma once

#include "sandbox/wps/messages.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::sandbox::wps {

/// An exercise the service makes plans of, in the words of free-exercise-db.
struct known_exercise {
  std::string id;
  std::string name;
  std::string category;
  wps::difficulty difficulty = wps::difficulty::beginner;
  std::string equipment;
  /// The primary one.
  std::string muscle;
  bool compound = false;
};

class unreadable_list : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// About sixty exercises every gym knows, ordered by id.
[[nodiscard]] std::vector<known_exercise> built_in_exercises();

/// A file in free-exercise-db's format. Rows without a name, muscle or known level are left out. Throws
/// `unreadable_list` when it cannot be read or nothing is left.
[[nodiscard]] std::vector<known_exercise> read_exercises(const std::filesystem::path& file);

[[nodiscard]] muscle_group group_of(const known_exercise& exercise);
/// "Chest".
[[nodiscard]] std::string label_of(muscle_group group);

}  // namespace nxg::sandbox::wps
