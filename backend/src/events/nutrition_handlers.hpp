#pragma once

#include "services/live/live_channel.hpp"
#include "services/meals/balance.hpp"
#include "services/meals/photographs.hpp"
#include "services/points/meal_awards.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

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
