#include "routes/planning.hpp"

#include "models/words.hpp"
#include "routes/plan_routes.hpp"

#include <utility>

namespace nxg::routes {
namespace {

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

planning::plan_options options_of(const plan_body& asked) {
  planning::plan_options options;
  options.weekly_workout_days = asked.weekly_workout_days;
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

plan_given given(const planning::plan_answer& answer) {
  return {.workout_plan = view_of(answer.plan),
          .is_new_plan = answer.is_new,
          .source = answer.source,
          .stale = answer.stale,
          .pending_request = {}};
}

}  // namespace

void declare_planning(http::router& routes, planning::planning& plans, runtime::clock& time,
                      audit_plan_for_other audit) {
  const plan_operations<planning::planning, plan_body, plan_given> operations{
      "/api/integrations/workout-plans", plans, time, std::move(audit), options_of, given};
  operations.declare_make(routes)
      .summary("A workout plan made from the member's profile")
      .description(
          "Answers 201 with a new plan, 200 with the present one while it holds and `forceRefresh` is not set. "
          "`source` "
          "says where it comes from: the planning service, an earlier answer of it (`cache`, `stale_cache`), the plan "
          "the member already had (`last_plan`), or our own `rules`. With `Prefer: respond-async` the answer is 202 "
          "at once, and `plan:ready` follows on the member's sockets.")
      .tag("Planning")
      .operation_id("makeWorkoutPlan")
      .alias("/api/workouts/generate");

  routes.get(operations.path + "/status")
      .summary("How the member's plan stands")
      .tag("Planning")
      .operation_id("getWorkoutPlanStatus")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&plans](http::principal who) -> task<plan_status_view> {
        const auto status = co_await plans.status(who.id);
        co_return view_of(status);
      });

  operations.declare_withdraw(routes)
      .summary("Put the own active plan away")
      .tag("Planning")
      .operation_id("deleteWorkoutPlan");
}

}  // namespace nxg::routes
