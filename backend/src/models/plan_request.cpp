#include "models/plan_request.hpp"

namespace nxg {

store::declaration<plan_request> declare(store::tag<plan_request>) {
  using namespace store;
  return {.name = "planRequests",
          .schema = 1,
          .shard = sharded_by<&plan_request::id>(),
          .owner = owned_by<&plan_request::id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("one per member, overwritten by the next"),
          .events = carries<plan_requested, plan_request_settled>()};
}

store::event_declaration<plan_requested> declare(store::tag<plan_requested>) {
  return {.name = "plan_requested", .schema = 1};
}

store::event_declaration<plan_request_settled> declare(store::tag<plan_request_settled>) {
  return {.name = "plan_request_settled", .schema = 1};
}

}  // namespace nxg
