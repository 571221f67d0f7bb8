#pragma once

#include "models/food.hpp"
#include "services/foods/allergen_table.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// The food database at one moment, ready to be searched; never changes.
class food_list {
 public:
  explicit food_list(std::vector<food> all);
  food_list(const food_list&) = delete;
  food_list& operator=(const food_list&) = delete;

  /// Finds foods by the beginnings of words, in any order: "chick bre raw". Best first: what begins with a word asked
  /// for, then whole words, then plain foods before special ones. Plurals are found by their singular; only the first
  /// eight words count. `after` is an earlier page's `next`.
  [[nodiscard]] found_foods search(std::string_view text, const food_filter& only, std::size_t limit,
                                   const std::optional<std::string>& after) const;
  /// By name.
  [[nodiscard]] found_foods browse(const food_filter& only, std::size_t limit,
                                   const std::optional<std::string>& after) const;
  /// Null: there is none.
  [[nodiscard]] const food* find(const uuid& id) const;

 private:
  /// Which of `entries_`, in order.
  using numbers = std::vector<std::uint32_t>;
  struct entry {
    food is;
    std::vector<std::string> words;
    std::vector<std::string> stems;
  };
  [[nodiscard]] numbers with_prefix(std::string_view word) const;
  [[nodiscard]] numbers with_all(const std::vector<std::string>& asked) const;
  /// How well it answers; more is better.
  [[nodiscard]] static std::int32_t score(const entry& one, const std::vector<std::string>& asked);

  std::vector<entry> entries_;                                     // by name and id
  std::vector<std::pair<std::string_view, std::uint32_t>> words_;  // of all entries, in order
  std::map<uuid, std::uint32_t> by_id_;
};

}  // namespace nxg::foods
