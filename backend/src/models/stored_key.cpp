#include "models/stored_key.hpp"

namespace nxg {

store::declaration<stored_key> declare(store::tag<stored_key>) {
  using namespace store;
  return {
      .name = "keys",
      .schema = 1,
      .shard = unsharded("one current key of each scope, over all processes"),
      .owner = owned_by<&stored_key::owner>(),
      .exported = not_exported("a key is not information about a person"),
      // Without its data key what is sealed under it is noise, in every backup too.
      .erased = deleted(),
      .kept = kept_until<&stored_key::expires_at>(),
      .indexes = {index_of<stored_key>("one_current")
                      .on<&stored_key::scope>()
                      .unique()
                      .where(eq<&stored_key::state>(key_state::current)),
                  index_of<stored_key>("one_next")
                      .on<&stored_key::scope>()
                      .unique()
                      .where(eq<&stored_key::state>(key_state::next)),
                  index_of<stored_key>("by_scope").on<&stored_key::scope>().on<&stored_key::created_at>()},
  };
}

}  // namespace nxg
