#include "models/exercise.hpp"

#include "models/words.hpp"

#include <boost/describe/enum_to_string.hpp>

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

namespace {

// Enumerators as stores spell them read as words once what is no letter is a blank.
void lift_to_2(store::document_value& document) {
  std::string text;
  const auto add = [&](const store::document_value* value) {
    if (value == nullptr) return;
    if (const auto* word = value->get_if<std::string>()) text += ' ' + *word;
    if (const auto* words = value->get_if<store::document_value::array>()) {
      for (const auto& one : *words) {
        if (const auto* word = one.get_if<std::string>()) text += ' ' + *word;
      }
    }
  };
  for (const auto* field : {"name", "externalId", "equipment", "primaryMuscles", "muscleGroups", "category"}) {
    add(document.find(field));
  }
  document.set("searchText", plain_words(text));
}

}  // namespace

std::string search_text_of(const exercise& one) {
  std::string text = one.name + ' ' + one.external_id;
  const auto add = [&](auto value) { text += std::string{" "} + boost::describe::enum_to_string(value, ""); };
  if (one.equipment) add(*one.equipment);
  for (const auto which : one.primary_muscles) add(which);
  for (const auto group : one.muscle_groups) add(group);
  add(one.category);
  return plain_words(text);
}

store::declaration<exercise> declare(store::tag<exercise>) {
  using namespace store;
  return {.name = "exercises",
          .schema = {2, {lift_to_2}},
          .shard = unsharded("one list of about a thousand for the whole chain"),
          .owner = nobodys("a library"),
          .exported = not_exported("it holds nothing of a person"),
          .erased = not_erased("it holds nothing of a person"),
          .kept = kept_for_good("plans and workouts refer to it"),
          .indexes = {index_of<exercise>("external_id").on<&exercise::external_id>().unique(),
                      index_of<exercise>("by_name").on<&exercise::name>(),
                      index_of<exercise>("words").on_words<&exercise::search_text>(),
                      index_of<exercise>("by_change").on<&exercise::updated_at>()}};
}

}  // namespace nxg
