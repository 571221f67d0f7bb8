#include "models/diet_request.hpp"

namespace nxg {

store::declaration<diet_request> declare(store::tag<diet_request>) {
  using namespace store;
  return {.name = "dietRequests",
          .schema = 1,
          .shard = sharded_by<&diet_request::id>(),
          .owner = owned_by<&diet_request::id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("one per member, overwritten by the next"),
          .events = carries<diet_plan_requested, diet_request_settled>()};
}

store::event_declaration<diet_plan_requested> declare(store::tag<diet_plan_requested>) {
  return {.name = "diet_plan_requested", .schema = 1};
}

store::event_declaration<diet_request_settled> declare(store::tag<diet_request_settled>) {
  return {.name = "diet_request_settled", .schema = 1};
}

}  // namespace nxg
