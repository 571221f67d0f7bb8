#include "models/keyed_operation.hpp"

namespace nxg {

store::declaration<keyed_operation> declare(store::tag<keyed_operation>) {
  using namespace store;
  return {
      .name = keyed_operations_name,
      .schema = 1,
      .shard = sharded_by<&keyed_operation::id>(),
      .owner = owned_by<&keyed_operation::principal>(),
      .exported = not_exported("copies of answers, kept for a day"),
      .erased = deleted(),
      .kept = kept_until<&keyed_operation::expires_at>(),
  };
}

}  // namespace nxg
