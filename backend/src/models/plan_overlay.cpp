#include "models/plan_overlay.hpp"

#include "models/words.hpp"

namespace nxg {

store::declaration<plan_overlay> declare(store::tag<plan_overlay>) {
  using namespace store;
  return {.name = "planOverlays",
          .schema = 1,
          .shard = sharded_by<&plan_overlay::id>(),
          .owner = owned_by<&plan_overlay::id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("one per member, with what was in force lately")};
}

std::string exercise_key(const plan_exercise& entry) {
  return entry.exercise_id ? entry.exercise_id->to_string() : plain_words(entry.exercise_name);
}

}  // namespace nxg
