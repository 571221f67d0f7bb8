#include "repositories/branches.hpp"

namespace nxg {

task<store::page<branch>> branch_repository::list(std::optional<std::string> city, std::size_t limit,
                                                  std::optional<std::string> after) {
  auto where = store::eq<&branch::active>(true);
  if (city) where = std::move(where) && store::eq<&branch::city>(*city);
  return branches_.find_page(std::move(where), store::sort<branch>().ascending<&branch::name>(), limit,
                             std::move(after));
}

}  // namespace nxg
