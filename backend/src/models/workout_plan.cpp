#include "models/workout_plan.hpp"

namespace nxg {

store::declaration<workout_plan> declare(store::tag<workout_plan>) {
  using namespace store;
  return {
      .name = "workoutPlans",
      .schema = 1,
      .shard = sharded_by<&workout_plan::member_id>(),
      .owner = owned_by<&workout_plan::member_id>(),
      .exported = exported_whole(),
      .erased = deleted(),
      .kept = kept_for_good("members look back at what they followed"),
      .indexes = {index_of<workout_plan>("one_active_plan")
                      .on<&workout_plan::member_id>()
                      .unique()
                      .where(eq<&workout_plan::state>(plan_state::active)),
                  index_of<workout_plan>("by_member").on<&workout_plan::member_id>().on<&workout_plan::created_at>(),
                  index_of<workout_plan>("being_replaced")
                      .on<&workout_plan::member_id>()
                      .on<&workout_plan::created_at>()
                      .where(eq<&workout_plan::state>(plan_state::next)),
                  index_of<workout_plan>("in_force")
                      .on<&workout_plan::next_refresh_at>()
                      .where(eq<&workout_plan::state>(plan_state::active))},
      .events = carries<plan_activated>()};
}

store::event_declaration<plan_activated> declare(store::tag<plan_activated>) {
  return {.name = "plan_activated", .schema = 1};
}

}  // namespace nxg
