#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

enum class record_kind : std::uint8_t {
  max_weight,
  reps_at_weight,
  estimated_one_rep_max,
  session_volume,
  longest_time,
};
BOOST_DESCRIBE_ENUM(record_kind, max_weight, reps_at_weight, estimated_one_rep_max, session_volume, longest_time)

/// A set that is the best of its kind, and where it stands.
struct best_set {
  double weight_kg = 0;
  std::int32_t reps = 0;
  uuid log_id;
  instant at{};
  schema::local_date local_date{};

  friend bool operator==(const best_set&, const best_set&) = default;
};
BOOST_DESCRIBE_STRUCT(best_set, (), (weight_kg, reps, log_id, at, local_date))

/// What all entries of a day lifted together.
struct best_volume {
  double volume_kg = 0;
  schema::local_date local_date{};

  friend bool operator==(const best_volume&, const best_volume&) = default;
};
BOOST_DESCRIBE_STRUCT(best_volume, (), (volume_kg, local_date))

struct best_time {
  double seconds = 0;
  uuid log_id;
  instant at{};
  schema::local_date local_date{};

  friend bool operator==(const best_time&, const best_time&) = default;
};
BOOST_DESCRIBE_STRUCT(best_time, (), (seconds, log_id, at, local_date))

/// An entry that beat everything before it.
struct record_setter {
  uuid log_id;
  instant at{};
  schema::local_date local_date{};
  std::vector<record_kind> kinds;
  /// By hand, and not during a visit: worth half.
  bool unwitnessed = false;

  friend bool operator==(const record_setter&, const record_setter&) = default;
};
BOOST_DESCRIBE_STRUCT(record_setter, (), (log_id, at, local_date, kinds, unwitnessed))

/// What all entries of one exercise come to. Counted from the entries, never added to.
struct record_figures {
  /// Days with an entry.
  std::int64_t sessions = 0;
  std::optional<schema::local_date> first_session;
  std::optional<schema::local_date> last_session;
  std::optional<best_set> max_weight;
  /// The most repetitions with at least that weight, heaviest first; at most 50.
  std::vector<best_set> reps_at_weight;
  /// The same among sets of 1 to 12 repetitions: every estimate of a maximum is highest for one of them.
  std::vector<best_set> estimable;
  std::optional<best_volume> max_volume;
  std::optional<best_time> longest;
  /// In the order of time; the last 200.
  std::vector<record_setter> setters;

  friend bool operator==(const record_figures&, const record_figures&) = default;
};
BOOST_DESCRIBE_STRUCT(record_figures, (),
                      (sessions, first_session, last_session, max_weight, reps_at_weight, estimable, max_volume,
                       longest, setters))

/// A member's records in one exercise. Id: `member:exercise`.
struct personal_record {
  std::string id;
  std::int64_t version = 0;
  uuid member_id;
  uuid exercise_id;
  std::string exercise_name;
  record_figures figures;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(personal_record, (), (id, version, member_id, exercise_id, exercise_name, figures, updated_at))
store::declaration<personal_record> declare(store::tag<personal_record>);

[[nodiscard]] std::string personal_record_id(const uuid& member, const uuid& exercise);

/// Entries became, or are no longer, those that set a record.
struct personal_records_changed {
  uuid member_id;
  uuid exercise_id;
  std::string exercise_name;
  /// Days whose points may be others now.
  std::vector<schema::local_date> days;
  /// Entries that set no record any more.
  std::vector<uuid> lost;
  /// Entries that did not set these before.
  std::vector<record_setter> won;
};
BOOST_DESCRIBE_STRUCT(personal_records_changed, (), (member_id, exercise_id, exercise_name, days, lost, won))
store::event_declaration<personal_records_changed> declare(store::tag<personal_records_changed>);

}  // namespace nxg
