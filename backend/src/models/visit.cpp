#include "models/visit.hpp"

namespace nxg {

store::declaration<visit> declare(store::tag<visit>) {
  using namespace store;
  return {.name = "gymSessions",
          .schema = 1,
          .shard = sharded_by<&visit::member_id>(),
          .owner = owned_by<&visit::member_id>(),
          .exported = exported_whole(),
          .erased = anonymised<&visit::member_id>(),
          .kept = kept_for_good("visits are the operator's accounts"),
          .indexes = {index_of<visit>("one_active_visit")
                          .on<&visit::member_id>()
                          .unique()
                          .where(eq<&visit::state>(visit_state::active)),
                      index_of<visit>("by_member").on<&visit::member_id>().on_descending<&visit::check_in_at>(),
                      index_of<visit>("due").on<&visit::auto_end_at>().where(eq<&visit::state>(visit_state::active)),
                      index_of<visit>("in_branch")
                          .on<&visit::branch_id>()
                          .on<&visit::check_in_at>()
                          .where(eq<&visit::state>(visit_state::active))},
          .events = carries<visit_started, visit_ended>()};
}

store::declaration<check_in_claim> declare(store::tag<check_in_claim>) {
  using namespace store;
  return {.name = "checkInClaims",
          .schema = 1,
          .shard = sharded_by<&check_in_claim::id>(),
          .owner = owned_by<&check_in_claim::member_id>(),
          .exported = not_exported("gone after minutes; the visit says the same"),
          .erased = deleted(),
          .kept = kept_until<&check_in_claim::expires_at>()};
}

store::event_declaration<visit_started> declare(store::tag<visit_started>) {
  return {.name = "visit_started", .schema = 1};
}
store::event_declaration<visit_ended> declare(store::tag<visit_ended>) { return {.name = "visit_ended", .schema = 1}; }

}  // namespace nxg
