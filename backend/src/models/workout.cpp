#include "models/workout.hpp"

namespace nxg {

store::declaration<workout> declare(store::tag<workout>) {
  using namespace store;
  return {
      .name = "workouts",
      .schema = 1,
      .shard = sharded_by<&workout::member_id>(),
      .owner = owned_by<&workout::member_id>(),
      .exported = exported_whole(),
      .erased = deleted(),
      .kept = kept_for_good("a member's training history"),
      .indexes = {index_of<workout>("by_member").on<&workout::member_id>().on_descending<&workout::started_at>(),
                  index_of<workout>("by_member_day").on<&workout::member_id>().on<&workout::local_date>(),
                  index_of<workout>("by_machine_day").on<&workout::machine_id>().on<&workout::local_date>(),
                  index_of<workout>("by_machine").on<&workout::machine_id>().on_descending<&workout::started_at>(),
                  index_of<workout>("due").on<&workout::due_at>().where(eq<&workout::state>(workout_state::closing))},
      .events = carries<workout_started, workout_ended, workout_summarized>()};
}

store::event_declaration<workout_started> declare(store::tag<workout_started>) {
  return {.name = "workout_started", .schema = 1};
}
store::event_declaration<workout_ended> declare(store::tag<workout_ended>) {
  return {.name = "workout_ended", .schema = 1};
}
store::event_declaration<workout_summarized> declare(store::tag<workout_summarized>) {
  return {.name = "workout_summarized", .schema = 1};
}

}  // namespace nxg
