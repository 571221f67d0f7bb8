#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg {

/// A row of an imported file that was left out, and everything wrong with it.
struct refused_row {
  /// From 0, in the file.
  std::size_t row = 0;
  /// Empty where the row has no readable id.
  std::string external_id;
  std::vector<std::string> reasons;
};

struct import_report {
  std::size_t rows = 0;
  std::size_t inserted = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::vector<refused_row> refused;
};

/// The whole file is of no use: no JSON, no array, too many rows.
class unreadable_file : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nxg
