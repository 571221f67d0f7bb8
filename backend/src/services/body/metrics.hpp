#pragma once

#include "models/body_metrics.hpp"
#include "models/macro_targets.hpp"
#include "models/user.hpp"
#include "repositories/body_records.hpp"
#include "repositories/users.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/body/calculated.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::body {

/// What is new of a body; what is absent stays as it is.
struct body_changes {
  std::optional<body_height_cm> height_cm{};
  std::optional<body_weight_kg> weight_kg{};
  std::optional<body_weight_kg> target_weight_kg{};
  std::optional<nxg::gender> gender{};
  std::optional<nxg::activity_level> activity_level{};
  body_composition composition{};
  body_measurements measurements{};
  std::optional<metric_notes> notes{};
};

/// The names of what `given` says, as on the wire.
[[nodiscard]] std::vector<std::string> names_of(const body_changes& given);

/// Who gave the values, and how they came about.
struct body_origin {
  metric_source source = metric_source::manual;
  /// Absent: the member.
  std::optional<uuid> entered_by{};
  /// The record's id, made from what the values came from (a scan): repeating it then changes nothing.
  std::optional<uuid> record_id{};
};

/// A member's figures as they are now.
struct body_state {
  user account;
  body_values values;
  calculated_metrics calculated;
  std::vector<metric_warning> warnings;
};

/// From `from` to `to`, of one figure. Differences with two decimals.
struct metric_change {
  double from = 0;
  double to = 0;
  double change = 0;
  /// Of `from`, in percent; 0 where that is 0; absent for indexes.
  std::optional<double> percent{};

  friend bool operator==(const metric_change&, const metric_change&) = default;
};
BOOST_DESCRIBE_STRUCT(metric_change, (), (from, to, change, percent))

enum class metric : std::uint8_t { weight, body_fat, muscle_mass, bmi, visceral_fat, bmr };
BOOST_DESCRIBE_ENUM(metric, weight, body_fat, muscle_mass, bmi, visceral_fat, bmr)

/// Between two records. A figure that one of them does not have is absent, never 0.
struct progress {
  instant from{};
  instant to{};
  std::optional<metric_change> weight{};
  std::optional<metric_change> body_fat{};
  std::optional<metric_change> muscle_mass{};
  std::optional<metric_change> bmi{};
  std::optional<metric_change> visceral_fat{};
  std::optional<metric_change> bmr{};
};
BOOST_DESCRIBE_STRUCT(progress, (), (from, to, weight, body_fat, muscle_mass, bmi, visceral_fat, bmr))

/// Absent where there are no two records to compare.
struct progress_report {
  std::optional<progress> last_change{};
  std::optional<progress> range{};
};
BOOST_DESCRIBE_STRUCT(progress_report, (), (last_change, range))

/// `which` empty: all of them.
[[nodiscard]] progress progress_between(const body_record& from, const body_record& to,
                                        const std::vector<metric>& which);

/// Local days of the member, both in it; absent: without end.
struct day_range {
  std::optional<schema::local_date> start{};
  std::optional<schema::local_date> end{};
};

/// How long targets hold: as long as a plan.
inline constexpr std::chrono::hours macros_valid_for{24 * 14};

/// Members' body figures, and their history.
///
/// The account has the present figures and the newest record, written together; the history is completed from there,
/// at once, by the event, or before the next change. A crash at any point loses no record and doubles none.
/// Errors besides: `not_found` (no such account), and what the store throws. Thread-safe.
class metrics {
 public:
  metrics(user_repository& users, body_record_repository& records, runtime::clock& time, runtime::random& random)
      : users_{users}, records_{records}, time_{time}, random_{random} {}

  task<body_state> current(uuid member, formula_id bmr);

  /// Throws `invalid_request` where nothing is given, `consent_required` for composition and measurements without a
  /// recorded consent, `precondition_failed` where the account is not at `expected`.
  task<body_state> change(uuid member, body_changes given, body_origin from, std::optional<std::int64_t> expected);

  /// The door for what measures: a confirmed scan, a scale, an assessment. As `change`; once for each `measured`, the
  /// id of what the values came from.
  task<body_state> record(uuid member, body_changes values, metric_source source,
                          std::optional<uuid> measured = std::nullopt);

  /// For who changes an account's body together with other things: the record that belongs into the same write
  /// (`profile_changes::record`), made from the account as it was read; that write expects its version.
  task<body_record> prepare(const user& account, const body_changes& given, body_origin from);
  /// After that write: the record into the history. Failing, the event does it.
  task<void> settle(body_record written);

  /// Computes what the member should eat, and keeps it. Throws `profile_incomplete` with every missing field, or
  /// `figures_out_of_range` where the formula does not hold for this body.
  task<body_state> recalculate_macros(uuid member, formula_id bmr);

  /// Newest first.
  task<store::page<body_record>> history(uuid member, day_range within, std::size_t limit,
                                         std::optional<std::string> after);
  task<progress_report> progress_of(uuid member, day_range within, std::vector<metric> which);

  /// The handler of `body_metrics_changed`: the record is in the history. The member's newest one, if there is any.
  task<std::optional<body_record>> complete(body_metrics_changed event);

 private:
  task<user> account_of(uuid member);
  task<bool> has_record(const user& account, uuid id);
  [[nodiscard]] body_state state_of(user account, formula_id bmr) const;

  user_repository& users_;
  body_record_repository& records_;
  runtime::clock& time_;
  runtime::random& random_;
};

}  // namespace nxg::body
