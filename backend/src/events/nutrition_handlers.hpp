#pragma once

#include "models/intake.hpp"
#include "models/meal.hpp"
#include "runtime/clock.hpp"
#include "services/live/live_channel.hpp"
#include "services/meals/balance.hpp"
#include "services/meals/photographs.hpp"
#include "services/points/meal_awards.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

namespace nxg::events {

/// `nutrition:meal-analyzed`, to the member: somebody, or nobody for good (`failed`), has said what is on a picture.
/// `id` is the event's, the same should it come twice; `at` is when it happened.
struct meal_analyzed_message {
  uuid id;
  instant at{};
  uuid meal_id;
  detection_state status = detection_state::done;
};
BOOST_DESCRIBE_STRUCT(meal_analyzed_message, (), (id, at, meal_id, status))

/// `nutrition:daily-progress`, to the member after every change of a day.
struct daily_progress_message {
  uuid id;
  instant at{};
  schema::local_date date{};
  std::int64_t meals = 0;
  intake consumed;
  std::int64_t water_ml = 0;
  meals::remaining_intake remaining;
};
BOOST_DESCRIBE_STRUCT(daily_progress_message, (), (id, at, date, meals, consumed, water_ml, remaining))

/// What the handlers work with; all of it outlives the dispatcher.
struct nutrition_event_parts {
  meals::balance& balance;
  meals::photographs& pictures;
  points::meal_awards& awards;
  live_channel& live;
};

/// What follows from what is written into food diaries. Before the dispatcher starts.
void handle_nutrition_events(store::dispatcher& by, const nutrition_event_parts& with);

}  // namespace nxg::events
