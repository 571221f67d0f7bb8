#pragma once

#include "models/personal_record.hpp"
#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// What sockets are told of the training diary.
namespace nxg::live {

/// `workout:pr`, to the member.
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
inline constexpr sent announced(tag<personal_record_message>) {
  return {"workout:pr", audience::workouts,
          "A training entry beat everything logged before for its exercise; the records as they are now."};
}

}  // namespace nxg::live
