#include "models/exercise.hpp"

#include <algorithm>

namespace nxg {

uuid exercise_id_of(std::string_view external_id) {
  return uuid::derived_from(std::string{"exercise:"}.append(external_id));
}

std::vector<muscle_group> groups_of(exercise_category category, const std::vector<muscle>& primary) {
  if (category == exercise_category::cardio) return {muscle_group::cardio};
  std::vector<muscle_group> groups;
  for (const auto which : primary) {
    const auto group = group_of(which);
    if (std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
  }
  return groups;
}

store::declaration<exercise> declare(store::tag<exercise>) {
  using namespace store;
  return {.name = "exercises",
          .schema = 1,
          .shard = unsharded("one list of about a thousand for the whole chain"),
          .owner = nobodys("a library"),
          .exported = not_exported("it holds nothing of a person"),
          .erased = not_erased("it holds nothing of a person"),
          .kept = kept_for_good("plans and workouts refer to it"),
          .indexes = {index_of<exercise>("external_id").on<&exercise::external_id>().unique(),
                      index_of<exercise>("by_name").on<&exercise::name>(),
                      index_of<exercise>("by_change").on<&exercise::updated_at>()}};
}

}  // namespace nxg
