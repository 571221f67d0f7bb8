#pragma once

#include "runtime/clock.hpp"
#include "services/live/live_channel.hpp"
#include "services/training/customisation.hpp"
#include "services/training/diary.hpp"
#include "services/training/records.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// What the handlers work with; all of it outlives the dispatcher.
struct training_parts {
  training::diary& diary;
  training::records& records;
  training::customisation& customisation;
  live_channel& live;
  runtime::clock& time;
};

/// Entries of strength stations, personal records with their points, changes that go over to a new plan. Before the
/// dispatcher starts.
void handle_training_events(store::dispatcher& by, const training_parts& with);

}  // namespace nxg::events
