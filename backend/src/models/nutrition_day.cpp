#include "models/nutrition_day.hpp"

namespace nxg {

store::declaration<water_entry> declare(store::tag<water_entry>) {
  using namespace store;
  return {.name = "waterLogs",
          .schema = 1,
          .shard = sharded_by<&water_entry::member_id>(),
          .owner = owned_by<&water_entry::member_id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("a member's food diary"),
          .indexes = {index_of<water_entry>("by_day")
                          .on<&water_entry::member_id>()
                          .on_descending<&water_entry::local_date>()
                          .on_descending<&water_entry::logged_at>()},
          .events = carries<water_logged>()};
}

store::event_declaration<water_logged> declare(store::tag<water_logged>) {
  return {.name = "water_logged", .schema = 1};
}

store::declaration<nutrition_day> declare(store::tag<nutrition_day>) {
  using namespace store;
  return {.name = "nutritionDays",
          .schema = 1,
          .shard = sharded_by<&nutrition_day::member_id>(),
          .owner = owned_by<&nutrition_day::member_id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("a member's food diary"),
          .indexes = {index_of<nutrition_day>("by_member")
                          .on<&nutrition_day::member_id>()
                          .on_descending<&nutrition_day::local_date>()}};
}

}  // namespace nxg
