#include "models/body_metrics.hpp"

namespace nxg {

store::declaration<body_record> declare(store::tag<body_record>) {
  using namespace store;
  return {
      .name = "bodyMetricsHistory",
      .schema = 1,
      .shard = sharded_by<&body_record::member_id>(),
      .owner = owned_by<&body_record::member_id>(),
      .exported = exported_whole(),
      .erased = deleted(),
      .kept = kept_for_good("a member's progress over the years"),
      .indexes = {
          index_of<body_record>("by_member").on<&body_record::member_id>().on_descending<&body_record::recorded_at>()}};
}

store::event_declaration<body_metrics_changed> declare(store::tag<body_metrics_changed>) {
  return {.name = "body_metrics_changed", .schema = 1};
}

}  // namespace nxg
