#pragma once

#include "app/gym_floor.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "app/training_plans.hpp"
#include "events/training_handlers.hpp"
#include "http/router.hpp"
#include "jobs/periodic.hpp"
#include "routes/exercise_library.hpp"
#include "services/live/live_channel.hpp"
#include "services/planning/plan_refresh.hpp"
#include "services/training/customisation.hpp"
#include "services/training/diary.hpp"
#include "services/training/records.hpp"
#include "services/training/training_week.hpp"
#include "store/outbox.hpp"

namespace nxg::app {

/// What members do with their plans: changes to them, the day that is due, the diary, records, progress; and the daily
/// look for plans that are due.
struct training_diary {
  training_diary(platform& on, storage& kept, gym_floor& floor, training_plans& plans);

  void declare(http::router& routes, gym_floor& floor, routes::caller_if_any caller);
  void handle(store::dispatcher& events, live_channel& live);
  void add(jobs::runner& jobs);

  runtime::clock& time;
  exercises::catalogue& exercises;
  training::customisation customisation;
  training::diary diary;
  training::records records;
  training::training_week week;
  planning::plan_refresh refresh;
};

}  // namespace nxg::app
