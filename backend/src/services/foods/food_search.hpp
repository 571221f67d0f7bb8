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
inline constexpr std::size_t most_found = 200;

/// The food database as people look into it. Errors as of the store.
class food_database {
 public:
  /// `kept` must outlive it.
  explicit food_database(repositories::foods& kept) : kept_{kept} {}

  /// Finds foods by the beginnings of words, in any order: "chick bre raw". Best first: what begins with a word asked
  /// for, then whole words, then plain foods before special ones. Plurals are found by their singular. `after` is an
  /// earlier page's `next`.
  task<found_foods> search(std::string text, food_filter only, std::size_t limit, std::optional<std::string> after);
  /// All foods by name.
  task<found_foods> browse(food_filter only, std::size_t limit, std::optional<std::string> after);
  /// Throws `not_found`.
  task<food> get(uuid id);

 private:
  repositories::foods& kept_;
};

/// How well a food answers a search; more is better.
[[nodiscard]] std::int32_t score_of(const food& one, const std::vector<std::string>& words);

}  // namespace nxg::foods
