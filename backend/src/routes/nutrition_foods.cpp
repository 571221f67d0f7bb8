#include "routes/nutrition_foods.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/food_views.hpp"
#include "services/api_error.hpp"

#include <boost/describe/class.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::routes {
namespace {

struct foods_query {
  std::optional<schema::text<1, 100>> q;
  std::optional<food_group> group;
  std::optional<schema::text<1, 200>> allergen_free;

  static constexpr schema::note descriptions[] = {
      {"q", "Beginnings of words, in any order: `chick bre` finds chicken breast. Without it all foods, by name"},
      {"allergen_free",
       "Allergens, separated by commas: only foods known to be free of all of them. Composed foods are left out, as "
       "nobody knows all that is in them"}};
};
BOOST_DESCRIBE_STRUCT(foods_query, (), (q, group, allergen_free))

struct food_path {
  uuid food_id;
};
BOOST_DESCRIBE_STRUCT(food_path, (), (food_id))

constexpr std::string_view allergen_names =
    "gluten, crustacean, egg, fish, peanut, soy, milk, tree_nuts, celery, mustard, sesame, sulphite, lupin, mollusc";

foods::allergen_set allergens_asked(const std::optional<schema::text<1, 200>>& list) {
  foods::allergen_set asked;
  std::vector<field_error> wrong;
  http::for_each_in_list(list ? std::string_view{*list} : "", [&](std::string_view word) {
    if (const auto one = enum_named<allergen>(word)) {
      asked.add(*one);
    } else {
      wrong.push_back({"/query/allergenFree", "not_one_of", fmt::format("must be some of {}", allergen_names)});
    }
  });
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  return asked;
}

task<http::page<food_summary>> list(foods::food_database& database, foods_query asked, http::page_request page) {
  const foods::food_filter only{asked.group, allergens_asked(asked.allergen_free)};
  const auto limit = static_cast<std::size_t>(page.limit);
  foods::found_foods found;
  if (asked.q) {
    found = co_await database.search(asked.q->value(), only, limit, std::move(page.after));
  } else {
    found = co_await database.browse(only, limit, std::move(page.after));
  }
  http::page<food_summary> answer;
  for (const auto& one : found.foods) answer.items.push_back(summary_of(one));
  answer.next = std::move(found.next);
  co_return answer;
}

task<food_view> one(foods::food_database& database, food_path wanted) {
  const auto found = co_await database.get(wanted.food_id);
  co_return view_of(found);
}

}  // namespace

void declare_nutrition_foods(http::router& routes, foods::food_database& database) {
  routes.get("/api/nutrition/foods")
      .summary("Foods of the database, by a search or by name")
      .description(
          "Nutrients are those of 100 g. A search is answered with the best first, out of the 500 plainest foods that "
          "match; what was not determined of a food is left out.")
      .tag("Nutrition")
      .operation_id("listFoods")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&database](http::query<foods_query> asked, http::page_request page) {
        return list(database, std::move(asked.value), std::move(page));
      });

  routes.get("/api/nutrition/foods/{foodId}")
      .summary("A food with all its nutrients, measures and allergens")
      .tag("Nutrition")
      .operation_id("getFood")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::not_found)
      .handle([&database](http::path<food_path> wanted) { return one(database, wanted.value); });
}

}  // namespace nxg::routes
