#include "models/diet_plan.hpp"

#include <numeric>

namespace nxg {

double diet_day::total_calories() const noexcept {
  return std::accumulate(meals.begin(), meals.end(), 0.0,
                         [](double sum, const planned_meal& meal) { return sum + meal.calories; });
}

store::declaration<diet_plan> declare(store::tag<diet_plan>) {
  using namespace store;
  return {.name = "dietPlans",
          .schema = 1,
          .shard = sharded_by<&diet_plan::member_id>(),
          .owner = owned_by<&diet_plan::member_id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          // Only plans that ended have the instant.
          .kept = kept_for<&diet_plan::ended_at>(std::chrono::hours{24 * 180}),
          .indexes = {index_of<diet_plan>("one_active_plan")
                          .on<&diet_plan::member_id>()
                          .unique()
                          .where(eq<&diet_plan::state>(plan_state::active)),
                      index_of<diet_plan>("by_member").on<&diet_plan::member_id>().on<&diet_plan::created_at>(),
                      index_of<diet_plan>("being_replaced")
                          .on<&diet_plan::member_id>()
                          .on<&diet_plan::created_at>()
                          .where(eq<&diet_plan::state>(plan_state::next)),
                      index_of<diet_plan>("due").on<&diet_plan::state>().on<&diet_plan::next_refresh_at>()},
          .events = carries<diet_plan_activated>()};
}

store::event_declaration<diet_plan_activated> declare(store::tag<diet_plan_activated>) {
  return {.name = "diet_plan_activated", .schema = 1};
}

}  // namespace nxg
