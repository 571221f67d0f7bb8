#pragma once

#include "models/food.hpp"
#include "repositories/foods.hpp"
#include "runtime/task.hpp"
#include "services/foods/allergen_table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::foods {

struct food_filter {
  std::optional<food_group> group;
  /// Only foods that are known to be free of all of these.
  allergen_set free_of;

  [[nodiscard]] bool admits(const food& one) const;
};

struct found_foods {
  std::vector<food> foods;
  /// Where the next page begins.
  std::optional<std::string> next;
};

/// How many foods a search goes into: of more matches, those of the highest rank.
inline constexpr std::size_t most_found = 500;

/// Finds foods of the database by the beginnings of words, in any order: "chick bre raw". Best first: what begins with
/// a word asked for, then whole words, then plain foods before special ones. Plurals are found by their singular.
/// `after` is an earlier page's `next`. Errors as of the store.
task<found_foods> search(repositories::foods& in, std::string text, food_filter only, std::size_t limit,
                         std::optional<std::string> after);

/// All foods by name.
task<found_foods> browse(repositories::foods& in, food_filter only, std::size_t limit,
                         std::optional<std::string> after);

/// How well a food answers a search; more is better.
[[nodiscard]] std::int32_t score_of(const food& one, const std::vector<std::string>& words);

}  // namespace nxg::foods
