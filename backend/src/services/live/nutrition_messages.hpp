#pragma once

#include "models/intake.hpp"
#include "models/meal.hpp"
#include "services/live/live_event.hpp"
#include "services/meals/balance.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>

/// What sockets are told of food diaries.
namespace nxg::live {

/// `nutrition:meal-analyzed`, to the member.
struct meal_analyzed_message {
  uuid id;
  instant at{};
  uuid meal_id;
  detection_state status = detection_state::done;
};
BOOST_DESCRIBE_STRUCT(meal_analyzed_message, (), (id, at, meal_id, status))
inline constexpr sent announced(tag<meal_analyzed_message>) {
  return {"nutrition:meal-analyzed", audience::notifications,
          "Somebody, or nobody for good (`failed`), has said what is on a picture of a meal."};
}

/// `nutrition:daily-progress`, to the member.
struct daily_progress_message {
  uuid id;
  instant at{};
  schema::local_date date{};
  std::int64_t meals = 0;
  intake consumed;
  std::int64_t water_ml = 0;
  nxg::meals::remaining_intake remaining;
};
BOOST_DESCRIBE_STRUCT(daily_progress_message, (), (id, at, date, meals, consumed, water_ml, remaining))
inline constexpr sent announced(tag<daily_progress_message>) {
  return {"nutrition:daily-progress", audience::notifications,
          "What the member has eaten and drunk that day, after every change of it."};
}

}  // namespace nxg::live
