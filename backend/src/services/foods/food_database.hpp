#pragma once

#include "models/food.hpp"
#include "repositories/foods.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/foods/food_list.hpp"
#include "services/resident.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nxg::foods {

/// The food database as people look into it: in memory, where a search takes a millisecond at most; an import is
/// noticed within ten seconds. Throws what the store throws only while nothing has ever been read.
class food_database {
 public:
  /// Both must outlive it.
  food_database(repositories::foods& kept, runtime::clock& time)
      : kept_{kept}, list_{resident<food_list>::all_of(kept), time} {}

  /// As those of `food_list`.
  task<found_foods> search(std::string text, food_filter only, std::size_t limit, std::optional<std::string> after);
  task<found_foods> browse(food_filter only, std::size_t limit, std::optional<std::string> after);
  /// Throws `not_found`.
  task<food> get(uuid id);

 private:
  repositories::foods& kept_;
  resident<food_list> list_;
};

}  // namespace nxg::foods
