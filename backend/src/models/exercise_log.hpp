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

/// `manual`: the member wrote it down. `machine`: made from the samples of a strength station.
enum class log_source : std::uint8_t { manual, machine };
BOOST_DESCRIBE_ENUM(log_source, manual, machine)

/// One set of an exercise: counted (`reps`) or timed (`seconds`). Without a weight it is the body's own.
struct logged_set {
  std::optional<std::int32_t> reps;
  std::optional<double> weight_kg;
  std::optional<double> seconds;
  /// Perceived exertion, 1 to 10; repetitions in reserve are 10 less it.
  std::optional<double> rpe;
  /// Counts for nothing but the diary.
  bool warmup = false;

  friend bool operator==(const logged_set&, const logged_set&) = default;
};
BOOST_DESCRIBE_STRUCT(logged_set, (), (reps, weight_kg, seconds, rpe, warmup))

/// What an entry said before it was corrected.
struct log_revision {
  instant replaced_at{};
  std::vector<logged_set> sets;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(log_revision, (), (replaced_at, sets, notes))

inline constexpr std::size_t kept_revisions = 20;

/// The sets of one exercise a member did in one go.
struct exercise_log {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  uuid exercise_id;
  /// As it was called when it was logged.
  std::string exercise_name;
  log_source source = log_source::manual;
  /// The visit it belongs to.
  std::optional<uuid> session_id;
  /// The machine workout (link) whose sets these are; one entry per workout and exercise.
  std::optional<uuid> workout_id;
  /// Of the workout's figures the sets were taken from.
  std::optional<std::int64_t> workout_revision;
  instant completed_at{};
  /// Of the visit, else the member's; with the date there. Neither changes later.
  std::string time_zone;
  schema::local_date local_date{};
  std::vector<logged_set> sets;
  std::string notes;
  instant created_at{};
  std::optional<instant> corrected_at;
  /// The last 20 corrections, oldest first.
  std::vector<log_revision> corrections;
};
BOOST_DESCRIBE_STRUCT(exercise_log, (),
                      (id, version, member_id, exercise_id, exercise_name, source, session_id, workout_id,
                       workout_revision, completed_at, time_zone, local_date, sets, notes, created_at, corrected_at,
                       corrections))
store::declaration<exercise_log> declare(store::tag<exercise_log>);

/// An entry is new, says something else, or is gone: what is counted from entries is counted again.
struct exercise_log_changed {
  uuid log_id;
  uuid member_id;
  uuid exercise_id;
  std::string exercise_name;
};
BOOST_DESCRIBE_STRUCT(exercise_log_changed, (), (log_id, member_id, exercise_id, exercise_name))
store::event_declaration<exercise_log_changed> declare(store::tag<exercise_log_changed>);

/// The id of the entry a machine workout gives for an exercise.
[[nodiscard]] uuid machine_log_id(const uuid& workout, const uuid& exercise);

}  // namespace nxg
