#include "app/training_diary.hpp"

#include "jobs/plan_jobs.hpp"
#include "routes/training_diary.hpp"
#include "routes/training_plan.hpp"
#include "routes/training_progress.hpp"
#include "routes/workouts_plan.hpp"

#include <utility>

namespace nxg::app {

namespace {

planning::member_reader reader_of(storage& kept) {
  return [&users = kept.users](uuid member) { return users.find(member); };
}

}  // namespace

training_diary::training_diary(platform& on, storage& kept, gym_floor& floor, training_plans& plans)
    : time{on.time},
      exercises{plans.exercises},
      customisation{{.plans = plans.plans,
                     .overlays = kept.plan_overlays,
                     .exercises = plans.exercises,
                     .members = reader_of(kept),
                     .time = on.time}},
      diary{{.logs = kept.exercise_logs,
             .visits = kept.visits,
             .workouts = kept.workouts,
             .exercises = plans.exercises,
             .members = reader_of(kept),
             .time = on.time}},
      records{kept.exercise_logs, kept.personal_records, floor.points, on.time},
      week{{.plans = customisation,
            .past_plans = kept.workout_plans,
            .logs = kept.exercise_logs,
            .visits = kept.visits,
            .exercises = plans.exercises,
            .members = reader_of(kept),
            .time = on.time}},
      refresh{{.plans = plans.plans,
               .kept = kept.workout_plans,
               .runs = kept.job_runs,
               .time = on.time,
               .metrics = on.metrics,
               .log = on.log}} {}

void training_diary::declare(http::router& routes, gym_floor& floor, routes::caller_if_any caller) {
  const auto machines = floor_for_plans(floor.registry, time);
  routes::declare_workouts_plan(routes, {.plans = customisation, .time = time, .machines = machines});
  routes::declare_exercise_library(routes, {.exercises = exercises, .machines = machines, .caller = std::move(caller)});
  routes::declare_training_plan(routes, {.plans = customisation, .week = week, .machines = machines});
  routes::declare_training_diary(routes, diary);
  routes::declare_training_progress(routes, records, week);
}

void training_diary::handle(store::dispatcher& events, live_channel& live) {
  events::handle_training_events(
      events, {.diary = diary, .records = records, .customisation = customisation, .live = live, .time = time});
}

void training_diary::add(jobs::runner& jobs) { jobs::add_plan_jobs(jobs, refresh); }

}  // namespace nxg::app
