#include "routes/diet_plans.hpp"

#include "models/words.hpp"
#include "routes/diet_views.hpp"
#include "routes/plan_routes.hpp"

#include <algorithm>
#include <utility>

namespace nxg::routes {
namespace {

struct meal_preferences {
  std::optional<schema::bounded<std::int32_t, 3, 6>> meals_per_day;
  std::optional<schema::list<schema::text<1, 40>, 0, 10>> cuisine_types;
};
BOOST_DESCRIBE_STRUCT(meal_preferences, (), (meals_per_day, cuisine_types))

struct custom_diet {
  std::optional<schema::bounded<double, 20.0, 500.0>> target_weight_kg;
  std::optional<schema::list<schema::text<1, 40>, 0, 12>> dietary_restrictions;
  std::optional<routes::meal_preferences> meal_preferences;
};
BOOST_DESCRIBE_STRUCT(custom_diet, (), (target_weight_kg, dietary_restrictions, meal_preferences))

struct diet_body {
  std::optional<uuid> target_user_id;
  bool force_refresh = false;
  std::optional<custom_diet> custom_preferences;

  static constexpr std::string_view optional_fields[] = {"force_refresh"};
  static constexpr schema::note descriptions[] = {
      {"target_user_id", "For whom; only admins may name somebody else"},
      {"force_refresh", "A new plan even where the present one still holds"}};
};
BOOST_DESCRIBE_STRUCT(diet_body, (), (target_user_id, force_refresh, custom_preferences))

// Each once, in order: the same wishes make the same request to the service.
std::vector<dietary_restriction> restrictions_of(const custom_diet& custom) {
  std::vector<field_error> wrong;
  auto named = understood<dietary_restriction>(
      custom.dietary_restrictions, "dietaryRestrictions",
      "vegetarian, vegan, pescatarian, gluten_free, dairy_free, egg_free, nut_free, soy_free, no_pork, no_beef, halal, "
      "kosher",
      [](std::string_view word) { return enum_named<dietary_restriction>(word); }, wrong);
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  std::ranges::sort(named);
  named.erase(std::ranges::unique(named).begin(), named.end());
  return named;
}

diet_wishes wishes_of(const diet_body& asked) {
  diet_wishes wishes;
  if (!asked.custom_preferences) return wishes;
  const auto& custom = *asked.custom_preferences;
  if (custom.target_weight_kg) wishes.target_weight_kg = custom.target_weight_kg->value();
  wishes.restrictions = restrictions_of(custom);
  if (!custom.meal_preferences) return wishes;
  if (custom.meal_preferences->meals_per_day) wishes.meals_per_day = *custom.meal_preferences->meals_per_day;
  if (custom.meal_preferences->cuisine_types) {
    for (const auto& text : *custom.meal_preferences->cuisine_types) wishes.cuisines.push_back(text.value());
  }
  return wishes;
}

diet_given given(const diets::diet_answer& answer) {
  diet_given value;
  value.diet_plan = view_of(answer.plan);
  value.is_new_plan = answer.is_new;
  value.source = answer.source;
  value.stale = answer.stale;
  value.current_macros = macros_of(answer.plan);
  return value;
}

}  // namespace

void declare_diet_plans(http::router& routes, diets::diet_planning& plans, runtime::clock& time,
                        audit_plan_for_other audit) {
  const plan_operations<diets::diet_planning, diet_body, diet_given> operations{
      "/api/integrations/diet-plans", plans, time, std::move(audit), wishes_of, given};
  operations.declare_make(routes)
      .summary("A diet plan made from the member's profile")
      .description(
          "Answers 201 with a new plan, 200 with the present one while it holds and `forceRefresh` is not set. "
          "`source` says where it comes from: the nutrition planning service, an earlier answer of it (`cache`, "
          "`stale_cache`), the plan the member already had (`last_plan`), or our own `rules`, which cook with foods "
          "that "
          "are known to be free of the member's allergens. The service is asked only with a consent of type "
          "`health_data`. With `Prefer: respond-async` the answer is 202 at once, and `diet-plan:ready` follows on the "
          "member's sockets.")
      .tag("Nutrition")
      .operation_id("makeDietPlan")
      .errors(error_code::plan_not_safe)
      .alias("/api/integrations/meal-plans");

  routes.get(operations.path + "/status")
      .summary("How the member's diet plan stands")
      .tag("Nutrition")
      .operation_id("getDietPlanStatus")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&plans](http::principal who) -> task<diet_status_view> {
        const auto status = co_await plans.status(who.id);
        co_return view_of(status);
      });

  operations.declare_withdraw(routes)
      .summary("Put the own active diet plan away")
      .tag("Nutrition")
      .operation_id("deleteDietPlan");
}

}  // namespace nxg::routes
