#pragma once

#include "models/estimate.hpp"
#include "models/exercise.hpp"
#include "models/exercise_log.hpp"
#include "schema/types.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg::training {

/// What the next session of an exercise should do. `start`: nothing logged yet. `come_back`: after a long pause.
/// `deload_week`: after four weeks of getting stronger.
enum class progression_step : std::uint8_t {
  start,
  increase_weight,
  increase_reps,
  increase_time,
  repeat,
  deload,
  deload_week,
  come_back,
};
BOOST_DESCRIBE_ENUM(progression_step, start, increase_weight, increase_reps, increase_time, repeat, deload, deload_week,
                    come_back)

/// All sets of a day, warm-ups apart.
struct trained_day {
  schema::local_date date{};
  std::vector<logged_set> sets;
};

/// What the plan asks for; without a plan 8 to 12 repetitions.
struct prescription {
  std::optional<std::int32_t> sets;
  std::int32_t reps_min = 8;
  std::int32_t reps_max = 12;
  std::optional<std::int32_t> seconds;
  std::optional<double> weight_kg;
};

struct progression_facts {
  prescription asked;
  std::optional<equipment_kind> equipment;
  bool lower_body = false;
  /// Newest first.
  std::vector<trained_day> days;
  schema::local_date today{};
};

struct progression_advice {
  progression_step step = progression_step::start;
  std::optional<std::int32_t> recommended_sets;
  std::optional<double> recommended_weight_kg;
  std::optional<std::int32_t> recommended_reps;
  std::optional<std::int32_t> recommended_seconds;
  std::string rationale;
  /// `low`: fewer than three sessions. `high`: the last three with exertion (RPE) noted.
  nxg::confidence confidence = nxg::confidence::low;
};

/// Double progression: repetitions first, then weight. The first rule that fits decides:
///
///   1. nothing logged                                            start as the plan says
///   2. last trained more than 21 days ago                        come back at 90 %
///   3. estimated maximum (Epley) up in each of the last 4 weeks  a lighter week: 90 %, half the sets
///   4. below the least repetitions in each of the last 2 days    deload by 10 %
///   5. below the least repetitions on the last day               repeat
///   6. fewer sets than planned                                   repeat
///   7. every set at the most repetitions, RPE 8 or less
///      (no RPE noted: on the last 2 days)                        more weight: 2.5 %, legs 5 %, at least the smallest
///                                                                plate; without plates one repetition more
///   8. every set at the most repetitions                         repeat
///   9. else                                                      one repetition more
///
/// Timed exercises go up by a tenth in the place of 7. The same facts give the same advice. After the American College
/// of Sports Medicine, Progression models in resistance training for healthy adults, Med Sci Sports Exerc
/// 2009;41:687-708.
[[nodiscard]] progression_advice advise(const progression_facts& facts);

/// Entries (newest first) as days; sets to warm up are left out, days without another set too.
[[nodiscard]] std::vector<trained_day> trained_days(const std::vector<exercise_log>& newest_first);

}  // namespace nxg::training
