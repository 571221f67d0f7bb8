#include "routes/training_plan.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "models/words.hpp"
#include "routes/followed_day.hpp"
#include "services/api_error.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <utility>

namespace nxg::routes {
namespace {

// --- changes --------------------------------------------------------------------------------------------------------

struct change_body {
  overlay_op op = overlay_op::skip;
  schema::bounded<std::int32_t, 1, 7> day_order = 1;
  std::optional<uuid> exercise_id;
  std::optional<schema::text<1, 100>> exercise_name;
  std::optional<uuid> with_exercise_id;
  std::optional<schema::list<schema::text<1, 100>, 1, 40>> order;
  std::optional<schema::bounded<std::int32_t, 1, 20>> sets;
  std::optional<schema::bounded<std::int32_t, 1, 200>> reps_min;
  std::optional<schema::bounded<std::int32_t, 1, 200>> reps_max;
  std::optional<schema::bounded<std::int32_t, 1, 7'200>> duration_seconds;
  std::optional<schema::bounded<std::int32_t, 0, 900>> rest_seconds;
  std::optional<schema::bounded<double, 0.0, 500.0>> weight_kg;

  static constexpr std::string_view schema_name = "PlanChange";
  static constexpr schema::note descriptions[] = {
      {"op", "swap, reorder, adjust or skip"},
      {"day_order", "1 is Monday"},
      {"exercise_id", "The exercise meant, as the plan shows it now; or its name"},
      {"with_exercise_id", "Of `swap`: the exercise of the library to do in its place"},
      {"order", "Of `reorder`: ids or names of exercises of one section, first to last; the others come after them"},
      {"sets", "Of `adjust`, as are the numbers below"}};

  [[nodiscard]] bool names_exercise() const { return exercise_id || exercise_name; }
  [[nodiscard]] bool has_numbers() const {
    return sets || reps_min || reps_max || duration_seconds || rest_seconds || weight_kg;
  }
  static void check(const change_body& read, schema::problems& wrong) {
    const auto only_for = [&](bool given, bool fits, std::string_view field, std::string_view op) {
      if (given && !fits) wrong.add_at(field, "unknown_field", "is for " + std::string{op} + " only", {"/op"});
    };
    if (read.exercise_id && read.exercise_name)
      wrong.add_at("/exerciseName", "unknown_field", "name the exercise by its id or by its name");
    if ((read.op == overlay_op::swap || read.op == overlay_op::adjust) && !read.names_exercise())
      wrong.add_at("/exerciseId", "required", "name the exercise, by its id or as `exerciseName`");
    if (read.op == overlay_op::swap && !read.with_exercise_id)
      wrong.add_at("/withExerciseId", "required", "name the exercise to do in its place");
    if (read.op == overlay_op::reorder && !read.order)
      wrong.add_at("/order", "required", "name the exercises in order");
    if (read.op == overlay_op::adjust && !read.has_numbers())
      wrong.add_at("/sets", "required",
                   "give at least one of sets, repsMin, repsMax, durationSeconds, restSeconds, weightKg");
    only_for(read.with_exercise_id.has_value(), read.op == overlay_op::swap, "/withExerciseId", "swap");
    only_for(read.order.has_value(), read.op == overlay_op::reorder, "/order", "reorder");
    const bool names_one = read.op != overlay_op::reorder;
    only_for(read.exercise_id.has_value(), names_one, "/exerciseId", "swap, adjust and skip");
    only_for(read.exercise_name.has_value(), names_one, "/exerciseName", "swap, adjust and skip");
    const bool adjusts = read.op == overlay_op::adjust;
    only_for(read.sets.has_value(), adjusts, "/sets", "adjust");
    only_for(read.reps_min.has_value(), adjusts, "/repsMin", "adjust");
    only_for(read.reps_max.has_value(), adjusts, "/repsMax", "adjust");
    only_for(read.duration_seconds.has_value(), adjusts, "/durationSeconds", "adjust");
    only_for(read.rest_seconds.has_value(), adjusts, "/restSeconds", "adjust");
    only_for(read.weight_kg.has_value(), adjusts, "/weightKg", "adjust");
  }
};
BOOST_DESCRIBE_STRUCT(change_body, (),
                      (op, day_order, exercise_id, exercise_name, with_exercise_id, order, sets, reps_min, reps_max,
                       duration_seconds, rest_seconds, weight_kg))

struct customize_body {
  schema::list<change_body, 1, 50> changes;
  static constexpr std::string_view schema_name = "PlanChanges";
};
BOOST_DESCRIBE_STRUCT(customize_body, (), (changes))

std::string key_of(std::string_view id_or_name) {
  const auto id = uuid::parse(id_or_name);
  return id ? id->to_string() : plain_words(id_or_name);
}

template <class Number>
auto number_of(const std::optional<Number>& given) {
  using value = decltype(given->value());
  return given ? std::optional<value>{given->value()} : std::nullopt;
}

overlay_change change_of(const change_body& asked, const uuid& id) {
  overlay_change change;
  change.id = id;
  change.op = asked.op;
  change.day_order = asked.day_order;
  if (asked.exercise_id) change.exercise = asked.exercise_id->to_string();
  if (asked.exercise_name) change.exercise = key_of(*asked.exercise_name);
  change.with_exercise_id = asked.with_exercise_id;
  if (asked.order) {
    for (const auto& one : *asked.order) change.order.push_back(key_of(one));
  }
  change.sets = number_of(asked.sets);
  change.reps_min = number_of(asked.reps_min);
  change.reps_max = number_of(asked.reps_max);
  change.duration_seconds = number_of(asked.duration_seconds);
  change.rest_seconds = number_of(asked.rest_seconds);
  change.weight_kg = number_of(asked.weight_kg);
  return change;
}

struct change_view {
  uuid id;
  overlay_op op = overlay_op::skip;
  std::int32_t day_order = 1;
  std::optional<uuid> exercise_id;
  std::string exercise_name;
  std::optional<uuid> with_exercise_id;
  std::optional<std::string> with_exercise_name;
  std::optional<std::vector<std::string>> order;
  std::optional<std::int32_t> sets;
  std::optional<std::int32_t> reps_min;
  std::optional<std::int32_t> reps_max;
  std::optional<std::int32_t> duration_seconds;
  std::optional<std::int32_t> rest_seconds;
  std::optional<double> weight_kg;
  instant at{};
  /// Whether it has a place in the plan now.
  bool applies = true;
  /// Why it has none.
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(change_view, (),
                      (id, op, day_order, exercise_id, exercise_name, with_exercise_id, with_exercise_name, order, sets,
                       reps_min, reps_max, duration_seconds, rest_seconds, weight_kg, at, applies, reason))

struct overlay_view {
  uuid plan_id;
  std::string plan_name;
  std::vector<change_view> changes;
  /// Made to the plan before, and without a place in this one.
  std::vector<change_view> not_carried_over;
  static constexpr std::string_view schema_name = "PlanCustomization";
};
BOOST_DESCRIBE_STRUCT(overlay_view, (), (plan_id, plan_name, changes, not_carried_over))

change_view view_of(const overlay_change& change) {
  change_view view{.id = change.id, .op = change.op, .day_order = change.day_order};
  view.exercise_id = uuid::parse(change.exercise);
  view.exercise_name = change.exercise_name;
  view.with_exercise_id = change.with_exercise_id;
  if (!change.with_exercise_name.empty()) view.with_exercise_name = change.with_exercise_name;
  if (!change.order.empty()) view.order = change.order;
  view.sets = change.sets;
  view.reps_min = change.reps_min;
  view.reps_max = change.reps_max;
  view.duration_seconds = change.duration_seconds;
  view.rest_seconds = change.rest_seconds;
  view.weight_kg = change.weight_kg;
  view.at = change.at;
  return view;
}

change_view view_of(const dropped_change& dropped) {
  auto view = view_of(dropped.change);
  view.applies = false;
  view.reason = dropped.reason;
  return view;
}

using versioned_overlay = http::versioned<overlay_view>;

versioned_overlay view_of(const training::followed_plan& followed) {
  overlay_view view{followed.plan.id, followed.plan.content.plan_name, {}, {}};
  for (const auto& change : followed.overlay.changes) {
    const auto& without = followed.merged.without_place;
    const auto fate = std::ranges::find(without, change.id, [](const dropped_change& one) { return one.change.id; });
    view.changes.push_back(fate == without.end() ? view_of(change) : view_of(*fate));
  }
  for (const auto& dropped : followed.overlay.dropped) view.not_carried_over.push_back(view_of(dropped));
  return {std::move(view), followed.overlay.version};
}

std::optional<std::int64_t> version_in(const std::optional<http::if_match>& based_on) {
  return based_on ? based_on->version : std::nullopt;
}

struct change_path {
  uuid change_id;
};
BOOST_DESCRIBE_STRUCT(change_path, (), (change_id))

void add_changes(http::router& routes, training::customisation& plans) {
  routes.get("/api/workouts/plan/customize")
      .summary("What the caller changed about the plan")
      .description("With what was not carried over from the plan before, and why.")
      .tag("Workouts")
      .operation_id("getPlanCustomization")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([&plans](caller who) -> task<versioned_overlay> {
        const auto followed = co_await plans.followed(who.id);
        co_return view_of(followed);
      });

  routes.put("/api/workouts/plan/customize")
      .summary("Change the plan in force: swap, reorder, adjust, skip")
      .description(
          "The changes are added to those made before, all of them or none: everything that is wrong with any of them "
          "is told at once. The generated plan stays as it is; every view of it shows the changes, and the next plan "
          "takes them over where they have a place in it. A second `adjust` of an exercise adds to the first. An "
          "exercise that does not suit the health conditions of the profile cannot be swapped in (`plan_not_safe`).")
      .tag("Workouts")
      .operation_id("customizePlan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::plan_not_safe)
      .handle([&plans](caller who, http::body<customize_body> asked, std::optional<http::if_match> based_on,
                       http::new_ids ids) -> task<versioned_overlay> {
        std::vector<overlay_change> wanted;
        for (const auto& one : asked->changes) wanted.push_back(change_of(one, ids.next()));
        const auto followed = co_await plans.change(who.id, std::move(wanted), version_in(based_on));
        co_return view_of(followed);
      });

  routes.del("/api/workouts/plan/customize")
      .summary("Take back every change: the plan as it was made")
      .tag("Workouts")
      .operation_id("undoPlanCustomization")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([&plans](caller who, std::optional<http::if_match> based_on) -> task<versioned_overlay> {
        const auto followed = co_await plans.undo_all(who.id, version_in(based_on));
        co_return view_of(followed);
      });

  routes.del("/api/workouts/plan/customize/{changeId}")
      .summary("Take one change back")
      .tag("Workouts")
      .operation_id("undoPlanChange")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::change_not_found)
      .handle([&plans](caller who, http::path<change_path> which,
                       std::optional<http::if_match> based_on) -> task<versioned_overlay> {
        const auto followed = co_await plans.undo(who.id, which->change_id, version_in(based_on));
        co_return view_of(followed);
      });
}

// --- today ----------------------------------------------------------------------------------------------------------

struct session_of_week_view {
  std::int32_t day_order = 1;
  std::string day_name;
  std::string muscle_group;
  training::session_state state = training::session_state::later;
  std::optional<schema::local_date> on;
};
BOOST_DESCRIBE_STRUCT(session_of_week_view, (), (day_order, day_name, muscle_group, state, on))

struct next_session_view {
  schema::local_date date{};
  std::int32_t day_order = 1;
  std::string day_name;
  std::string muscle_group;
};
BOOST_DESCRIBE_STRUCT(next_session_view, (), (date, day_order, day_name, muscle_group))

struct today_answer {
  schema::local_date date{};
  std::string time_zone;
  uuid plan_id;
  std::string plan_name;
  training::day_status status = training::day_status::none_due;
  /// The day that is due, or was done today.
  std::optional<followed_day> day;
  /// It was planned for another day of the week.
  bool shifted = false;
  std::vector<session_of_week_view> week;
  std::optional<next_session_view> next;
  /// The branch of the visit going on: whose machines `machineAvailability` speaks of.
  std::optional<uuid> branch_id;
  static constexpr std::string_view schema_name = "TodaysTraining";
};
BOOST_DESCRIBE_STRUCT(today_answer, (),
                      (date, time_zone, plan_id, plan_name, status, day, shifted, week, next, branch_id))

task<today_answer> today(const training_plan_parts& parts, uuid member) {
  const auto found = co_await parts.week.today(member);
  today_answer answer{.date = found.date, .time_zone = found.time_zone};
  answer.plan_id = found.followed.plan.id;
  answer.plan_name = found.followed.plan.content.plan_name;
  answer.status = found.status;
  answer.shifted = found.shifted;
  for (const auto& one : found.week)
    answer.week.push_back({one.day_order, one.day_name, one.muscle_group, one.state, one.on});
  if (found.next)
    answer.next =
        next_session_view{found.next->date, found.next->day_order, found.next->day_name, found.next->muscle_group};
  if (found.session) answer.branch_id = found.session->branch_id;
  if (!found.day) co_return answer;
  const auto machines = co_await machines_of(parts.machines, answer.branch_id);
  answer.day = routes::view_of(*found.day, machines.value_or(std::vector<planning::floor_machine>{}), &found.logged);
  co_return answer;
}

}  // namespace

void declare_training_plan(http::router& routes, training_plan_parts parts) {
  add_changes(routes, parts.plans);

  routes.get("/api/workouts/today")
      .summary("The day of the plan that is due today")
      .description(
          "Today is that of the member's own time zone. The sessions of the week that are still open are lined up over "
          "the days left, today included and the rest day not: none comes before its own day, a missed one takes the "
          "next day left and later ones move back while there is room; where there are more sessions than days, those "
          "missed the longest lapse. A session counts as done once half of its main exercises were logged on one day. "
          "During a visit each exercise comes with a machine of that branch.")
      .tag("Workouts")
      .operation_id("getTodaysTraining")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([parts](caller who) { return today(parts, who.id); });
}

}  // namespace nxg::routes
