#include "routes/planning.hpp"

#include "http/route.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/plan_views.hpp"
#include "routes/prefer.hpp"
#include "services/api_error.hpp"

#include <fmt/format.h>

#include <utility>

namespace nxg::routes {
namespace {

constexpr std::string_view status_path = "/api/integrations/workout-plans/status";
constexpr std::chrono::seconds plan_deadline{25};

struct custom_preferences {
  std::optional<schema::list<schema::text<1, 60>, 0, 7>> focus_areas;
  std::optional<schema::list<schema::text<1, 100>, 0, 50>> avoid_exercises;
  std::optional<schema::list<schema::text<1, 40>, 0, 12>> preferred_equipment;
};
BOOST_DESCRIBE_STRUCT(custom_preferences, (), (focus_areas, avoid_exercises, preferred_equipment))

struct plan_body {
  std::optional<uuid> target_user_id;
  bool force_refresh = false;
  schema::bounded<std::int32_t, 1, 7> weekly_workout_days = 3;
  std::optional<routes::custom_preferences> custom_preferences;

  static constexpr std::string_view optional_fields[] = {"force_refresh", "weekly_workout_days"};
  static constexpr schema::note descriptions[] = {
      {"target_user_id", "For whom; only admins may name somebody else"},
      {"force_refresh", "A new plan even where the present one still holds"},
      {"weekly_workout_days", "Training days a week; with a rest day in the profile at most six are planned"}};
};
BOOST_DESCRIBE_STRUCT(plan_body, (), (target_user_id, force_refresh, weekly_workout_days, custom_preferences))

struct plan_path {
  uuid plan_id;
};
BOOST_DESCRIBE_STRUCT(plan_path, (), (plan_id))

template <class Value, class Named>
std::vector<Value> understood(const auto& words, std::string_view pointer, std::string_view allowed, Named named,
                              std::vector<field_error>& wrong) {
  std::vector<Value> values;
  if (!words) return values;
  for (std::size_t i = 0; i < words->size(); ++i) {
    if (const std::optional<Value> value = named((*words)[i].value())) {
      values.push_back(*value);
    } else {
      wrong.push_back({fmt::format("/customPreferences/{}/{}", pointer, i), "not_one_of",
                       fmt::format("must be one of {}", allowed)});
    }
  }
  return values;
}

planning::plan_options options_of(const plan_body& asked) {
  planning::plan_options options;
  options.weekly_workout_days = asked.weekly_workout_days;
  options.force_refresh = asked.force_refresh;
  if (!asked.custom_preferences) return options;
  const auto& wishes = *asked.custom_preferences;
  std::vector<field_error> wrong;
  options.preferences.focus_areas = understood<muscle_group>(
      wishes.focus_areas, "focusAreas", "chest, back, legs, shoulders, arms, core, cardio",
      [](std::string_view word) { return muscle_group_named(word); }, wrong);
  options.preferences.preferred_equipment = understood<equipment_kind>(
      wishes.preferred_equipment, "preferredEquipment",
      "body only, barbell, dumbbell, e-z curl bar, kettlebells, cable, machine, bands, medicine ball, exercise ball, "
      "foam roll, other",
      [](std::string_view word) { return enum_named<equipment_kind>(word); }, wrong);
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  if (wishes.avoid_exercises) {
    for (const auto& text : *wishes.avoid_exercises) options.preferences.avoid_exercises.push_back(text.value());
  }
  return options;
}

plan_given given(planning::plan_answer answer) {
  return {.workout_plan = view_of(answer.plan),
          .is_new_plan = answer.is_new,
          .source = answer.source,
          .stale = answer.stale,
          .pending_request = {}};
}

/// What a POST for a plan ends with: 201 a new one, 200 the present one, 202 one that will come.
struct plan_outcome {
  int status = 201;
  plan_given value;
};

class maker {
 public:
  maker(planning::planning& plans, runtime::clock& time, audit_plan_for_other audit)
      : plans_{plans}, time_{time}, audit_{std::move(audit)} {}

  task<plan_outcome> make(http::principal who, plan_body asked, http::new_ids ids, http::request& incoming) const {
    auto options = options_of(asked);
    const auto member = asked.target_user_id.value_or(who.id);
    if (member != who.id) {
      if (who.role != static_cast<unsigned>(role::admin))
        throw forbidden("Only an admin may ask for another member's plan.");
      if (audit_) co_await audit_(incoming, member);
    }
    if (prefers_no_wait(incoming)) {
      const auto request = co_await plans_.request(member, std::move(options), ids.next());
      plan_given value;
      value.pending_request = view_of(request);
      co_return plan_outcome{202, std::move(value)};
    }
    auto answer = co_await plans_.generate(member, std::move(options), ids.next(), deadline_of(incoming));
    const int status = answer.is_new ? 201 : 200;
    co_return plan_outcome{status, given(std::move(answer))};
  }

 private:
  [[nodiscard]] steady_instant deadline_of(const http::request& incoming) const {
    return incoming.deadline.value_or(time_.steady() + plan_deadline);
  }

  planning::planning& plans_;
  runtime::clock& time_;
  audit_plan_for_other audit_;
};

}  // namespace
}  // namespace nxg::routes

/// One operation, three successful statuses: declared by its usual one.
template <>
struct nxg::http::detail::result<nxg::routes::plan_outcome> {
  using outcome = nxg::routes::plan_outcome;
  static void declare(route_info& info) {
    result<nxg::routes::plan_given>::declare(info);
    info.success_status = 201;
    info.located = true;
  }
  static response answer(const request& to, outcome&& value) {
    auto made = result<nxg::routes::plan_given>::answer(to, std::move(value.value));
    made.status = value.status;
    if (value.status == 202) made.headers.add("Preference-Applied", "respond-async");
    add_location(made, value.status, nxg::routes::status_path);
    return made;
  }
};

namespace nxg::routes {

void declare_planning(http::router& routes, planning::planning& plans, runtime::clock& time,
                      audit_plan_for_other audit) {
  routes.post("/api/integrations/workout-plans")
      .summary("A workout plan made from the member's profile")
      .description(
          "Answers 201 with a new plan, 200 with the present one while it holds and `forceRefresh` is not set. "
          "`source` "
          "says where it comes from: the planning service, an earlier answer of it (`cache`, `stale_cache`), the plan "
          "the member already had (`last_plan`), or our own `rules`. With `Prefer: respond-async` the answer is 202 "
          "at once, and `plan:ready` follows on the member's sockets.")
      .tag("planning")
      .operation_id("makeWorkoutPlan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::profile_incomplete, error_code::forbidden, error_code::not_found,
              error_code::plan_in_progress, error_code::plan_service_unavailable)
      .deadline(plan_deadline)
      .idempotent()
      .limit("plans")
      .alias("/api/workouts/generate")
      .handle([make = maker{plans, time, std::move(audit)}](http::principal who, http::body<plan_body> asked,
                                                            http::new_ids ids, http::request& incoming) {
        return make.make(std::move(who), std::move(asked.value), ids, incoming);
      });

  routes.get(status_path)
      .summary("How the member's plan stands")
      .tag("planning")
      .operation_id("getWorkoutPlanStatus")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&plans](http::principal who) -> task<plan_status_view> {
        const auto status = co_await plans.status(who.id);
        co_return view_of(status);
      });

  routes.del("/api/integrations/workout-plans/{planId}")
      .summary("Put the own active plan away")
      .tag("planning")
      .operation_id("deleteWorkoutPlan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([&plans](http::principal who, http::path<plan_path> which) -> task<void> {
        return plans.withdraw(who.id, which->plan_id);
      });
}

}  // namespace nxg::routes
