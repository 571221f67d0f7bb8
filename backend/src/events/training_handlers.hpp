#pragma once

#include "models/personal_record.hpp"
#include "runtime/clock.hpp"
#include "services/live/live_channel.hpp"
#include "services/training/customisation.hpp"
#include "services/training/diary.hpp"
#include "services/training/records.hpp"
#include "store/outbox.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::events {

/// `workout:pr`, to the member: a training entry beat everything logged before for its exercise.
struct personal_record_message {
  uuid id;
  instant at{};
  uuid exercise_id;
  std::string exercise_name;
  uuid log_id;
  std::vector<record_kind> kinds;
  /// The records as they are now.
  std::optional<double> max_weight_kg;
  std::optional<double> estimated_one_rep_max_kg;
  std::optional<double> max_volume_kg;
};
BOOST_DESCRIBE_STRUCT(personal_record_message, (),
                      (id, at, exercise_id, exercise_name, log_id, kinds, max_weight_kg, estimated_one_rep_max_kg,
                       max_volume_kg))

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
