#include "services/foods/food_database.hpp"

#include "services/api_error.hpp"

#include <utility>

namespace nxg::foods {

task<found_foods> food_database::search(std::string text, food_filter only, std::size_t limit,
                                        std::optional<std::string> after) {
  const auto list = co_await list_.current();
  co_return list->search(text, only, limit, after);
}

task<found_foods> food_database::browse(food_filter only, std::size_t limit, std::optional<std::string> after) {
  const auto list = co_await list_.current();
  co_return list->browse(only, limit, after);
}

task<food> food_database::get(uuid id) {
  const auto list = co_await list_.current();
  if (const auto* known = list->find(id)) co_return *known;
  // It may have been imported a moment ago.
  auto found = co_await kept_.find(id);
  if (!found) throw not_found("food");
  co_return std::move(*found);
}

}  // namespace nxg::foods
