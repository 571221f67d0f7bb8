#include "routes/diet_plans.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/diet_views.hpp"
#include "routes/prefer.hpp"
#include "services/api_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nxg::routes {
namespace {

constexpr std::string_view status_path = "/api/integrations/diet-plans/status";
constexpr std::chrono::seconds plan_deadline{25};

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

struct diet_path {
  uuid plan_id;
};
BOOST_DESCRIBE_STRUCT(diet_path, (), (plan_id))

constexpr std::string_view restriction_names =
    "vegetarian, vegan, pescatarian, gluten_free, dairy_free, egg_free, nut_free, soy_free, no_pork, no_beef, halal, "
    "kosher";

std::vector<dietary_restriction> restrictions_of(const schema::list<schema::text<1, 40>, 0, 12>& words) {
  std::vector<dietary_restriction> read;
  std::vector<field_error> wrong;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto one = enum_named<dietary_restriction>(words[i].value());
    if (!one) {
      wrong.push_back({fmt::format("/customPreferences/dietaryRestrictions/{}", i), "not_one_of",
                       fmt::format("must be one of {}", restriction_names)});
    } else if (std::ranges::find(read, *one) == read.end()) {
      read.push_back(*one);
    }
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  std::ranges::sort(read);
  return read;
}

diet_wishes wishes_of(const diet_body& asked) {
  diet_wishes wishes;
  if (!asked.custom_preferences) return wishes;
  const auto& custom = *asked.custom_preferences;
  if (custom.target_weight_kg) wishes.target_weight_kg = custom.target_weight_kg->value();
  if (custom.dietary_restrictions) wishes.restrictions = restrictions_of(*custom.dietary_restrictions);
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

/// What a POST for a plan ends with: 201 a new one, 200 the present one, 202 one that will come.
struct diet_outcome {
  int status = 201;
  diet_given value;
};

class diet_maker {
 public:
  diet_maker(diets::diet_planning& plans, runtime::clock& time, audit_diet_for_other audit)
      : plans_{plans}, time_{time}, audit_{std::move(audit)} {}

  task<diet_outcome> make(http::principal who, diet_body asked, http::new_ids ids, http::request& incoming) const {
    auto wishes = wishes_of(asked);
    const auto member = asked.target_user_id.value_or(who.id);
    if (member != who.id) {
      if (who.role != static_cast<unsigned>(role::admin))
        throw forbidden("Only an admin may ask for another member's plan.");
      if (audit_) co_await audit_(incoming, member);
    }
    const auto id = ids.next();
    if (prefers_no_wait(incoming)) {
      const auto request = co_await plans_.request(member, std::move(wishes), asked.force_refresh, id);
      diet_given value;
      value.pending_request = view_of(request);
      co_return diet_outcome{202, std::move(value)};
    }
    const auto deadline = incoming.deadline.value_or(time_.steady() + plan_deadline);
    const auto answer = co_await plans_.generate(member, std::move(wishes), asked.force_refresh, id, deadline);
    const int status = answer.is_new ? 201 : 200;
    co_return diet_outcome{status, given(answer)};
  }

 private:
  diets::diet_planning& plans_;
  runtime::clock& time_;
  audit_diet_for_other audit_;
};

}  // namespace
}  // namespace nxg::routes

/// One operation, three successful statuses: declared by its usual one.
template <>
struct nxg::http::detail::result<nxg::routes::diet_outcome> {
  using outcome = nxg::routes::diet_outcome;
  static void declare(route_info& info) {
    result<nxg::routes::diet_given>::declare(info);
    info.success_status = 201;
    info.located = true;
  }
  static response answer(const request& to, outcome&& value) {
    auto made = result<nxg::routes::diet_given>::answer(to, std::move(value.value));
    made.status = value.status;
    if (value.status == 202) made.headers.add("Preference-Applied", "respond-async");
    add_location(made, value.status, nxg::routes::status_path);
    return made;
  }
};

namespace nxg::routes {

void declare_diet_plans(http::router& routes, diets::diet_planning& plans, runtime::clock& time,
                        audit_diet_for_other audit) {
  routes.post("/api/integrations/diet-plans")
      .summary("A diet plan made from the member's profile")
      .description(
          "Answers 201 with a new plan, 200 with the present one while it holds and `forceRefresh` is not set. "
          "`source` says where it comes from: the nutrition planning service, an earlier answer of it (`cache`, "
          "`stale_cache`), the plan the member already had (`last_plan`), or our own `rules`, which cook with foods "
          "that "
          "are known to be free of the member's allergens. The service is asked only with a consent of type "
          "`health_data`. With `Prefer: respond-async` the answer is 202 at once, and `diet-plan:ready` follows on the "
          "member's sockets.")
      .tag("nutrition")
      .operation_id("makeDietPlan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::profile_incomplete, error_code::forbidden, error_code::not_found, error_code::plan_not_safe,
              error_code::plan_in_progress, error_code::plan_service_unavailable)
      .deadline(plan_deadline)
      .idempotent()
      .limit("plans")
      .alias("/api/integrations/meal-plans")
      .handle([make = diet_maker{plans, time, std::move(audit)}](http::principal who, http::body<diet_body> asked,
                                                                 http::new_ids ids, http::request& incoming) {
        return make.make(std::move(who), std::move(asked.value), ids, incoming);
      });

  routes.get(status_path)
      .summary("How the member's diet plan stands")
      .tag("nutrition")
      .operation_id("getDietPlanStatus")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&plans](http::principal who) -> task<diet_status_view> {
        const auto status = co_await plans.status(who.id);
        co_return view_of(status);
      });

  routes.del("/api/integrations/diet-plans/{planId}")
      .summary("Put the own active diet plan away")
      .tag("nutrition")
      .operation_id("deleteDietPlan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([&plans](http::principal who, http::path<diet_path> which) -> task<void> {
        return plans.withdraw(who.id, which->plan_id);
      });
}

}  // namespace nxg::routes
