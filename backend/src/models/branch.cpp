#include "models/branch.hpp"

namespace nxg {

store::declaration<branch> declare(store::tag<branch>) {
  using namespace store;
  return {.name = "branches",
          .schema = 1,
          .shard = unsharded("a chain has tens of branches, and their names are unique"),
          .owner = nobodys("a branch is the operator's"),
          .exported = not_exported("nothing personal"),
          .erased = not_erased("nothing personal"),
          .kept = kept_for_good("visits and workouts refer to it"),
          .indexes = {index_of<branch>("name").on<&branch::name>().unique(),
                      index_of<branch>("listed").on<&branch::active>().on<&branch::name>(),
                      index_of<branch>("by_city").on<&branch::city>().on<&branch::name>()}};
}

store::declaration<screen> declare(store::tag<screen>) {
  using namespace store;
  return {.name = "screens",
          .schema = 1,
          .shard = unsharded("a branch has a few"),
          .owner = nobodys("a device of the operator"),
          .exported = not_exported("nothing personal"),
          .erased = not_erased("nothing personal"),
          .kept = kept_for_good("audit records refer to it"),
          .indexes = {index_of<screen>("by_branch").on<&screen::branch_id>().on<&screen::created_at>()}};
}

}  // namespace nxg
