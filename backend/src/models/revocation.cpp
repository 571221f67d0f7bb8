#include "models/revocation.hpp"

namespace nxg {

store::declaration<revocation> declare(store::tag<revocation>) {
  using namespace store;
  return {
      .name = "revocations",
      .schema = 1,
      .shard =
          unsharded("every process reads the new ones each second, and but for those of screens they live for an hour"),
      .owner = nobodys("names sessions and devices, and is gone with the tokens"),
      .exported = not_exported("bookkeeping of tokens"),
      .erased = not_erased("is gone with the tokens"),
      .kept = kept_until<&revocation::expires_at>(),
      .indexes = {index_of<revocation>("by_time").on<&revocation::revoked_at>()},
  };
}

}  // namespace nxg
