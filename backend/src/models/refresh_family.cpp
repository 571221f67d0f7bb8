#include "models/refresh_family.hpp"

namespace nxg {

store::declaration<refresh_family> declare(store::tag<refresh_family>) {
  using namespace store;
  return {
      .name = "refreshFamilies",
      .schema = 1,
      .shard = sharded_by<&refresh_family::id>(),
      .owner = owned_by<&refresh_family::user_id>(),
      .exported = exported_without<&refresh_family::valid, &refresh_family::rotated, &refresh_family::family_hash>(),
      .erased = deleted(),
      .kept = kept_until<&refresh_family::expires_at>(),
      .indexes = {index_of<refresh_family>("by_user")
                      .on<&refresh_family::user_id>()
                      .on_descending<&refresh_family::created_at>()},
  };
}

}  // namespace nxg
