#include "models/exercise_log.hpp"

namespace nxg {

store::declaration<exercise_log> declare(store::tag<exercise_log>) {
  using namespace store;
  return {
      .name = "exerciseLogs",
      .schema = 1,
      .shard = sharded_by<&exercise_log::member_id>(),
      .owner = owned_by<&exercise_log::member_id>(),
      .exported = exported_whole(),
      .erased = deleted(),
      .kept = kept_for_good("a member's training diary"),
      .indexes = {index_of<exercise_log>("by_member")
                      .on<&exercise_log::member_id>()
                      .on_descending<&exercise_log::local_date>()
                      .on_descending<&exercise_log::completed_at>(),
                  index_of<exercise_log>("by_member_exercise")
                      .on<&exercise_log::member_id>()
                      .on<&exercise_log::exercise_id>()
                      .on_descending<&exercise_log::local_date>()
                      .on_descending<&exercise_log::completed_at>(),
                  index_of<exercise_log>("by_workout").on<&exercise_log::member_id>().on<&exercise_log::workout_id>(),
                  index_of<exercise_log>("once_per_workout")
                      .on<&exercise_log::member_id>()
                      .on<&exercise_log::workout_id>()
                      .on<&exercise_log::exercise_id>()
                      .unique()},
      .events = carries<exercise_log_changed>()};
}

store::event_declaration<exercise_log_changed> declare(store::tag<exercise_log_changed>) {
  return {.name = "exercise_log_changed", .schema = 1};
}

uuid machine_log_id(const uuid& workout, const uuid& exercise) {
  return uuid::derived_from("exercise-log:" + workout.to_string() + ":" + exercise.to_string());
}

}  // namespace nxg
