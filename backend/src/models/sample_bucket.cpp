#include "models/sample_bucket.hpp"

namespace nxg {

store::declaration<sample_bucket> declare(store::tag<sample_bucket>) {
  using namespace store;
  return {.name = "machineTelemetry",
          .schema = 1,
          .shard = sharded_by<&sample_bucket::id>(),
          .owner = nobodys("samples name machines and links, never a member; whose they are, the workout says"),
          .exported = not_exported("exported with the workouts that name them"),
          .erased = not_erased("nothing personal without the workout, which is erased"),
          .kept = kept_until<&sample_bucket::expires_at>(),
          .indexes = {index_of<sample_bucket>("by_link").on_elements<&sample_bucket::links>()}};
}

std::string bucket_id(const sample_source& from, std::int64_t seq) {
  std::string id = from.machine_id.to_string();
  id += ':';
  from.epoch.append_to(id);
  id += ':';
  id += std::to_string(seq / samples_per_bucket);
  return id;
}

}  // namespace nxg
