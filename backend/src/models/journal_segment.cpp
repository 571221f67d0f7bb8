#include "models/journal_segment.hpp"

namespace nxg {

store::declaration<journal_segment> declare(store::tag<journal_segment>) {
  using namespace store;
  return {
      .name = "journal",
      .schema = 1,
      .shard = sharded_by<&journal_segment::id>(),
      .owner = nobodys("samples name machines and links, never a member"),
      .exported = not_exported("gone within seconds; the buckets it is folded into are exported with their workouts"),
      .erased = not_erased("nothing personal without the workout, which is erased"),
      .kept = kept_for_good("removed as soon as it is folded"),
      .indexes = {index_of<journal_segment>("by_time").on<&journal_segment::inserted_at>()}};
}

}  // namespace nxg
