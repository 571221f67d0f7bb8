#include "routes/workouts_history.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "services/api_error.hpp"
#include "services/telemetry/messages.hpp"
#include "utilities/time_zones.hpp"

#include <boost/describe/class.hpp>

#include <utility>

namespace nxg::routes {

struct workout_path {
  uuid workout_id;
};
BOOST_DESCRIBE_STRUCT(workout_path, (), (workout_id))

struct stored_sample_view : samples::sample_shown {
  uuid machine_id;
  std::string epoch;
  static constexpr std::string_view schema_name = "StoredSample";
};
BOOST_DESCRIBE_STRUCT(stored_sample_view, (samples::sample_shown), (machine_id, epoch))

struct day_view {
  schema::local_date date{};
  std::int64_t workouts = 0;
  double duration_seconds = 0;
  std::optional<double> distance_meters;
  std::optional<double> energy_kcal;
  std::int64_t set_count = 0;
  std::int64_t reps = 0;
  double volume_kg = 0;
  static constexpr std::string_view schema_name = "TrainingDay";
};
BOOST_DESCRIBE_STRUCT(day_view, (),
                      (date, workouts, duration_seconds, distance_meters, energy_kcal, set_count, reps, volume_kg))

struct days_query {
  std::optional<schema::local_date> from;
  std::optional<schema::local_date> to;

  static void check(const days_query& read, schema::problems& wrong) {
    if (read.from && read.to && *read.from > *read.to)
      wrong.add_at("/from", "too_large", "must not be after `to`", {"/to"});
  }
};
BOOST_DESCRIBE_STRUCT(days_query, (), (from, to))

namespace {

using std::chrono::days;
using std::chrono::sys_days;

day_view view_of(const member_day& row) {
  const auto& totals = row.totals;
  return {row.local_date,   totals.workouts, totals.duration_seconds, totals.distance_meters, totals.energy_kcal,
          totals.set_count, totals.reps,     totals.volume_kg};
}

stored_sample_view view_of(const workouts::located_sample& one) {
  stored_sample_view made;
  static_cast<samples::sample_shown&>(made) = samples::to_shown(one.what);
  made.machine_id = one.from.machine_id;
  made.epoch = one.from.epoch.to_string();
  return made;
}

/// Of a list, what needs no further reads.
workouts::workout_view listed(const workout& one) { return workouts::view_of(one, workouts::final_figures_of(one)); }

}  // namespace

void declare_workouts_history(http::router& routes, workouts::history& history, runtime::clock& time) {
  routes.get("/api/workouts")
      .summary("The caller's workouts, newest first")
      .description(
          "A workout that is not final yet has no figures here; `GET /api/workouts/{workoutId}` computes them.")
      .tag("Workouts")
      .operation_id("listWorkouts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&history](caller who, http::page_request page) -> task<http::page<workouts::workout_view>> {
        const auto found = co_await history.list(who.id, static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<workouts::workout_view> answer;
        for (const auto& one : found.items) answer.items.push_back(listed(one));
        answer.next = found.next;
        co_return answer;
      });

  routes.get("/api/workouts/{workoutId}")
      .summary("One of the caller's workouts")
      .description("`live` while linked, `closing` while samples may still come in, `final` with its consequences.")
      .tag("Workouts")
      .operation_id("getWorkout")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::workout_not_found)
      .handle([&history](caller who, http::path<workout_path> which) -> task<workouts::workout_view> {
        return history.get(who.id, which->workout_id);
      });

  routes.get("/api/workouts/{workoutId}/samples")
      .summary("The samples of a workout, by epoch and seq")
      .description("Also those of a workout that is still going on.")
      .tag("Workouts")
      .operation_id("listWorkoutSamples")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::workout_not_found)
      .handle([&history](caller who, http::path<workout_path> which,
                         http::page_request page) -> task<http::page<stored_sample_view>> {
        const auto found = co_await history.samples(who.id, which->workout_id, static_cast<std::size_t>(page.limit),
                                                    std::move(page.after));
        http::page<stored_sample_view> answer;
        for (const auto& one : found.items) answer.items.push_back(view_of(one));
        answer.next = found.next;
        co_return answer;
      });

  routes.get("/api/workouts/progress")
      .summary("The caller's training days, newest first")
      .description("Days without a final workout are left out. Without `from` the last 90 days.")
      .tag("Workouts")
      .operation_id("listTrainingDays")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&history, &time](caller who, http::query<days_query> asked,
                                http::page_request page) -> task<http::page<day_view>> {
        // A day ahead of UTC somewhere is still today there.
        const sys_days tomorrow = std::chrono::floor<days>(time.now()) + days{1};
        const auto to = asked->to.value_or(schema::local_date{tomorrow});
        const auto from = asked->from.value_or(schema::local_date{utilities::days_before(to, days{90})});
        const auto found =
            co_await history.days(who.id, from, to, static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<day_view> answer;
        for (const auto& one : found.items) answer.items.push_back(view_of(one));
        answer.next = found.next;
        co_return answer;
      });
}

}  // namespace nxg::routes
