#include "models/food.hpp"

#include <algorithm>

namespace nxg {

uuid food_id_of(std::string_view external_id) { return uuid::derived_from(std::string{"food:"}.append(external_id)); }

bool is_free_of(const food& one, allergen what) {
  return one.allergens_complete && std::ranges::find(one.allergens, what) == one.allergens.end();
}

store::declaration<food> declare(store::tag<food>) {
  using namespace store;
  return {
      .name = "foods",
      .schema = 1,
      .shard = unsharded("one list of about ten thousand for the whole chain"),
      .owner = nobodys("a database of foods"),
      .exported = not_exported("it holds nothing of a person"),
      .erased = not_erased("it holds nothing of a person"),
      .kept = kept_for_good("plans and meals refer to it"),
      .indexes = {index_of<food>("external_id").on<&food::external_id>().unique(),
                  index_of<food>("by_name").on<&food::name>(), index_of<food>("by_change").on<&food::updated_at>()}};
}

}  // namespace nxg
