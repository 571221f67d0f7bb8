#include "models/development_secret.hpp"

namespace nxg {

store::declaration<development_secret> declare(store::tag<development_secret>) {
  using namespace store;
  return {
      .name = "development_secrets",
      .schema = 1,
      .shard = unsharded("one document"),
      .owner = nobodys("a key of a developer's machine"),
      .exported = not_exported("a key is not information about a person"),
      .erased = not_erased("is no person's"),
      .kept = kept_for_good("without it nothing sealed can be read"),
      .indexes = {},
  };
}

}  // namespace nxg
