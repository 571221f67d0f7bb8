#include "models/inbox.hpp"

namespace nxg {

store::declaration<inbox> declare(store::tag<inbox>) {
  using namespace store;
  // Not a TTL: a document that is there but cannot be seen would be in the way of the next event.
  return {.name = "inboxes",
          .schema = 1,
          .shard = sharded_by<&inbox::id>(),
          .owner = owned_by<&inbox::id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for<&inbox::updated_at>(std::chrono::days{90})};
}

}  // namespace nxg
