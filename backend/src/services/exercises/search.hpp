#pragma once

#include "models/exercise.hpp"
#include "services/exercises/exercise_catalogue.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace nxg::exercises {

/// How well an exercise answers a search, best first: its name is the text; its name begins with it; all words of the
/// text begin words of its name; some are found elsewhere only (muscles, equipment, category).
enum class closeness : std::uint8_t { exact, begins, in_name, elsewhere };

struct hit {
  closeness how = closeness::elsewhere;
  const exercise* what = nullptr;
};

/// Whether every word of `text` begins a word of what is searched: the rule of the store's index, in memory.
[[nodiscard]] bool answers(const exercise& one, std::string_view text);

/// Best first, then by name, then by id: a total order, so that a page can go on where another ended.
[[nodiscard]] std::vector<hit> ranked(const std::vector<const exercise*>& found, std::string_view text);

}  // namespace nxg::exercises
