#include "models/points.hpp"

namespace nxg {

store::declaration<points_entry> declare(store::tag<points_entry>) {
  using namespace store;
  return {.name = "pointTransactions",
          .schema = 1,
          .shard = sharded_by<&points_entry::member_id>(),
          .owner = owned_by<&points_entry::member_id>(),
          .exported = exported_whole(),
          .erased = anonymised<&points_entry::member_id>(),
          .kept = kept_for_good("the ledger"),
          .indexes =
              {index_of<points_entry>("once_per_source")
                   .on<&points_entry::member_id>()
                   .on<&points_entry::source_type>()
                   .on<&points_entry::source_id>()
                   .unique(),
               index_of<points_entry>("by_member").on<&points_entry::member_id>().on_descending<&points_entry::at>()},
          .events = carries<points_changed>()};
}

store::declaration<points_balance> declare(store::tag<points_balance>) {
  using namespace store;
  return {.name = "pointBalances",
          .schema = 1,
          .shard = sharded_by<&points_balance::id>(),
          .owner = owned_by<&points_balance::id>(),
          .exported = exported_without<&points_balance::last_events>(),
          .erased = deleted(),
          .kept = kept_for_good("what a member can spend")};
}

store::event_declaration<points_changed> declare(store::tag<points_changed>) {
  return {.name = "points_changed", .schema = 1};
}

uuid points_entry_id(const uuid& member, points_source source_type, const uuid& source_id) {
  std::string name = "points:" + member.to_string();
  switch (source_type) {
    case points_source::workout: name += ":workout:"; break;
    case points_source::personal_record: name += ":personal_record:"; break;
    case points_source::meal: name += ":meal:"; break;
  }
  return uuid::derived_from(name + source_id.to_string());
}

}  // namespace nxg
